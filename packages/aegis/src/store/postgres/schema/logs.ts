/**
 * The second step: the Merkle logs.
 *
 * - `installation`: one row, the id of the installation.
 * - `tree`: how far each log has grown; the log of the installation has the empty name. Whoever seals holds the
 *   lock of that row.
 * - `tile`: the hashes of the tiles, in the pieces in which they came: a hash is written once.
 * - `leaf`: consecutive positions that are consecutive leaves of one tree.
 * - `checkpoint` and `signature`: a signed note is its text and the lines below it, which grow in number.
 * - `installation_leaf`: which checkpoint each leaf of the installation's log is.
 */
export const LOGS = `
  CREATE TABLE aegis.installation (
    id integer PRIMARY KEY CHECK (id = 1),
    name text NOT NULL
  );

  CREATE TABLE aegis.tree (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    size bigint NOT NULL,
    through bigint NOT NULL,
    log text COLLATE "C" NOT NULL UNIQUE
  );
  INSERT INTO aegis.tree (size, through, log) VALUES (0, 0, '');

  CREATE TABLE aegis.tile (
    tree bigint NOT NULL,
    level integer NOT NULL,
    n bigint NOT NULL,
    first integer NOT NULL,
    hashes bytea NOT NULL,
    PRIMARY KEY (tree, level, n, first)
  );
  ALTER TABLE aegis.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

  CREATE TABLE aegis.leaf (
    position bigint PRIMARY KEY,
    tree bigint NOT NULL,
    leaf bigint NOT NULL,
    count bigint NOT NULL
  );

  CREATE TABLE aegis.checkpoint (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tree bigint NOT NULL REFERENCES aegis.tree (id),
    size bigint NOT NULL,
    at_ms bigint NOT NULL,
    origin text COLLATE "C" NOT NULL,
    text text NOT NULL,
    UNIQUE (tree, size, origin)
  );

  CREATE TABLE aegis.signature (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    checkpoint bigint NOT NULL REFERENCES aegis.checkpoint (id),
    line text COLLATE "C" NOT NULL
  );
  CREATE INDEX signature_of_checkpoint ON aegis.signature (checkpoint);

  CREATE TABLE aegis.installation_leaf (
    leaf bigint PRIMARY KEY,
    checkpoint bigint NOT NULL UNIQUE REFERENCES aegis.checkpoint (id)
  );
`;
