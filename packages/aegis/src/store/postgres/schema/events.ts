/**
 * The first step: what is appended.
 *
 * - `log`: one row, the position of the newest entry. Whoever writes a batch holds its lock, so that positions are
 *   dense and rise in the order of commits.
 * - `session`: where each session's chain ends. `sid` is the position of its first entry. `owner` is the
 *   process to which it belongs until it has ended.
 * - `event`: one row per entry, in tables by ranges of positions (`event_range`), which are made ahead. `body` is
 *   the exact bytes that were hashed. `prev` leads to the entry before it in its session.
 * - `blob`: sealed values, at the position of the entry that committed to them.
 * - `pin`: where the events about each pinned definition stand; everything about it is in the events.
 * - `lease`: until when a process owns its sessions; `snapshot`: a session's folded state. Neither is evidence.
 *
 * Sessions and pins leave room in their pages, so that a new version of a row stands beside the old one. What moves
 * in a session comes last in its row: the rest is not written to the log of the server again.
 */
export const EVENTS = `
  CREATE TABLE aegis.log (
    id integer PRIMARY KEY CHECK (id = 1),
    position bigint NOT NULL
  );
  INSERT INTO aegis.log VALUES (1, 0);

  CREATE TABLE aegis.session (
    sid bigint PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL,
    session text COLLATE "C" NOT NULL,
    owner text COLLATE "C",
    next_seq bigint NOT NULL,
    newest bigint NOT NULL,
    head bytea NOT NULL,
    UNIQUE (tenant, session)
  ) WITH (fillfactor = 70);
  CREATE INDEX session_by_owner ON aegis.session (owner) WHERE owner IS NOT NULL;

  CREATE TABLE aegis.event (
    position bigint PRIMARY KEY,
    sid bigint NOT NULL,
    seq bigint NOT NULL,
    prev bigint NOT NULL,
    hash bytea NOT NULL,
    body bytea NOT NULL
  ) PARTITION BY RANGE (position);
  ALTER TABLE aegis.event ALTER COLUMN body SET STORAGE EXTERNAL;

  CREATE TABLE aegis.event_range (
    first bigint PRIMARY KEY,
    beyond bigint NOT NULL
  );

  CREATE TABLE aegis.blob (
    position bigint NOT NULL,
    hash bytea NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (position, hash)
  );
  ALTER TABLE aegis.blob ALTER COLUMN bytes SET STORAGE EXTERNAL;

  CREATE TABLE aegis.pin (
    key_hash bytea PRIMARY KEY,
    pinned bigint,
    offered bigint,
    newest bigint NOT NULL,
    key text COLLATE "C" NOT NULL
  ) WITH (fillfactor = 70);
  CREATE INDEX pin_by_newest ON aegis.pin (newest);

  CREATE TABLE aegis.lease (
    writer text COLLATE "C" PRIMARY KEY,
    until_ms bigint NOT NULL
  );

  CREATE TABLE aegis.snapshot (
    sid bigint PRIMARY KEY,
    seq bigint NOT NULL,
    hash text NOT NULL,
    body text NOT NULL
  );
`;
