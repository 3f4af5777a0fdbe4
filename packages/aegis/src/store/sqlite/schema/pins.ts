/** The second step: where the events about each pinned definition stand. */
export const PINS = `
  CREATE TABLE pin (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    pinned INTEGER,
    offered INTEGER,
    newest INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX pin_by_newest ON pin (newest);

  CREATE TRIGGER pin_only_grows BEFORE UPDATE ON pin
    WHEN NEW.id <> OLD.id OR NEW.key <> OLD.key OR NEW.newest <= OLD.newest
      OR ifnull(NEW.pinned, 0) < ifnull(OLD.pinned, 0) OR ifnull(NEW.offered, 0) < ifnull(OLD.offered, 0)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER pin_is_never_deleted BEFORE DELETE ON pin
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER pin_is_never_replaced BEFORE INSERT ON pin
    WHEN EXISTS (SELECT 1 FROM pin WHERE key = NEW.key OR id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
`;
