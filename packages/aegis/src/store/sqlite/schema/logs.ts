/**
 * The fourth step, first part: the Merkle logs take the place of the running hash.
 *
 * - `installation`: one row, the id of the installation.
 * - `tree`: how far each log has grown; the log of the installation has the empty name.
 * - `tile`: its hashes (C2SP tlog-tiles); a tile grows until it has 256.
 * - `seal`: a part of the log that entered a tree: the positions after `after` and up to `through`, after
 *   which it had `size` leaves. So a leaf is found by counting within one part.
 * - `checkpoint`: signed notes; the origin is the first line of the note.
 * - `installation_leaf`: which checkpoint each leaf of the installation's log is.
 */
export const LOGS = `
  ALTER TABLE log DROP COLUMN hash;

  CREATE TABLE installation (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER installation_is_never_updated BEFORE UPDATE ON installation
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER installation_is_never_deleted BEFORE DELETE ON installation
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER installation_is_never_replaced BEFORE INSERT ON installation
    WHEN EXISTS (SELECT 1 FROM installation)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TABLE tree (
    id INTEGER PRIMARY KEY,
    log TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    through INTEGER NOT NULL
  ) STRICT;
  CREATE TRIGGER tree_only_grows BEFORE UPDATE ON tree
    WHEN NEW.id <> OLD.id OR NEW.log <> OLD.log OR NEW.size <= OLD.size OR NEW.through < OLD.through
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER tree_is_never_deleted BEFORE DELETE ON tree
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER tree_is_never_replaced BEFORE INSERT ON tree
    WHEN EXISTS (SELECT 1 FROM tree WHERE id = NEW.id OR log = NEW.log)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TABLE tile (
    id INTEGER PRIMARY KEY,
    tree INTEGER NOT NULL REFERENCES tree (id),
    level INTEGER NOT NULL,
    n INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    UNIQUE (tree, level, n)
  ) STRICT;
  CREATE TRIGGER tile_only_grows BEFORE UPDATE ON tile
    WHEN NEW.id <> OLD.id OR NEW.tree <> OLD.tree OR NEW.level <> OLD.level OR NEW.n <> OLD.n
      OR length(NEW.hashes) <= length(OLD.hashes)
      OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER tile_is_never_deleted BEFORE DELETE ON tile
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER tile_is_never_replaced BEFORE INSERT ON tile
    WHEN EXISTS (
      SELECT 1 FROM tile WHERE id = NEW.id OR (tree = NEW.tree AND level = NEW.level AND n = NEW.n))
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TABLE seal (
    tree INTEGER NOT NULL REFERENCES tree (id),
    through INTEGER NOT NULL,
    after INTEGER NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (tree, through)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER seal_is_never_updated BEFORE UPDATE ON seal
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER seal_is_never_deleted BEFORE DELETE ON seal
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER seal_is_never_replaced BEFORE INSERT ON seal
    WHEN NEW.through <= (SELECT max(through) FROM seal WHERE tree = NEW.tree)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY,
    tree INTEGER NOT NULL REFERENCES tree (id),
    size INTEGER NOT NULL,
    origin TEXT NOT NULL,
    note TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    UNIQUE (tree, size, origin)
  ) STRICT;
  CREATE TRIGGER checkpoint_only_gains_signatures BEFORE UPDATE ON checkpoint
    WHEN NEW.id <> OLD.id OR NEW.tree <> OLD.tree OR NEW.size <> OLD.size OR NEW.origin <> OLD.origin
      OR NEW.at_ms <> OLD.at_ms OR substr(NEW.note, 1, length(OLD.note)) <> OLD.note
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER checkpoint_is_never_deleted BEFORE DELETE ON checkpoint
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER checkpoint_is_never_replaced BEFORE INSERT ON checkpoint
    WHEN EXISTS (
      SELECT 1 FROM checkpoint
      WHERE id = NEW.id OR (tree = NEW.tree AND size = NEW.size AND origin = NEW.origin))
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TABLE installation_leaf (
    leaf INTEGER PRIMARY KEY,
    checkpoint INTEGER NOT NULL UNIQUE REFERENCES checkpoint (id)
  ) STRICT;
  CREATE TRIGGER installation_leaf_is_never_updated BEFORE UPDATE ON installation_leaf
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER installation_leaf_is_never_deleted BEFORE DELETE ON installation_leaf
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER installation_leaf_is_never_replaced BEFORE INSERT ON installation_leaf
    WHEN NEW.leaf <= (SELECT max(leaf) FROM installation_leaf)
      OR EXISTS (SELECT 1 FROM installation_leaf WHERE checkpoint = NEW.checkpoint)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
`;
