/** The first step: entries, sessions, the end of the log, sealed values. */
export const EVENTS = `
  CREATE TABLE session (
    sid INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    next_seq INTEGER NOT NULL,
    head BLOB NOT NULL,
    UNIQUE (tenant, session)
  ) STRICT;

  CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    sid INTEGER NOT NULL REFERENCES session (sid),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (sid, seq)
  ) STRICT;

  CREATE TABLE log (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL,
    hash BLOB NOT NULL
  ) STRICT;
  INSERT INTO log VALUES (1, 0, zeroblob(32));

  CREATE TABLE blob (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    bytes BLOB NOT NULL
  ) STRICT;

  CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  -- INSERT OR REPLACE deletes without asking the delete trigger.
  CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON event
    WHEN NEW.position <= (SELECT position FROM log WHERE id = 1)
      OR NEW.seq < (SELECT next_seq FROM session WHERE sid = NEW.sid)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TRIGGER session_only_grows BEFORE UPDATE ON session
    WHEN NEW.sid <> OLD.sid OR NEW.tenant <> OLD.tenant OR NEW.session <> OLD.session
      OR NEW.next_seq <= OLD.next_seq
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER session_is_never_deleted BEFORE DELETE ON session
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER session_is_never_replaced BEFORE INSERT ON session
    WHEN EXISTS (SELECT 1 FROM session WHERE sid = NEW.sid OR (tenant = NEW.tenant AND session = NEW.session))
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TRIGGER log_only_grows BEFORE UPDATE ON log
    WHEN NEW.id <> OLD.id OR NEW.position <= OLD.position
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER log_is_never_deleted BEFORE DELETE ON log
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER log_is_never_replaced BEFORE INSERT ON log
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TRIGGER blob_is_never_updated BEFORE UPDATE ON blob
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER blob_is_never_deleted BEFORE DELETE ON blob
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER blob_is_never_replaced BEFORE INSERT ON blob
    WHEN EXISTS (SELECT 1 FROM blob WHERE hash = NEW.hash OR id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
`;
