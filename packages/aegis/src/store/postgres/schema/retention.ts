/**
 * The third step: what may leave the ledger.
 *
 * - `erasure`: sealed values that were erased, and the event that says so.
 * - `segment`: an archive, and the event that says so, from the end of its transaction on; `archived`: its
 *   sessions.
 * - `vacancy`: consecutive positions whose entries went into an archive, all of one session.
 */
export const RETENTION = `
  CREATE TABLE aegis.erasure (
    position bigint NOT NULL,
    event bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (position, hash)
  );
  CREATE INDEX erasure_by_event ON aegis.erasure (event);

  CREATE TABLE aegis.segment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event bigint UNIQUE,
    name text COLLATE "C" NOT NULL UNIQUE
  );

  CREATE TABLE aegis.archived (
    sid bigint PRIMARY KEY REFERENCES aegis.session (sid),
    segment bigint NOT NULL REFERENCES aegis.segment (id)
  );

  CREATE TABLE aegis.vacancy (
    first bigint PRIMARY KEY,
    last bigint NOT NULL,
    sid bigint NOT NULL REFERENCES aegis.archived (sid)
  );
`;
