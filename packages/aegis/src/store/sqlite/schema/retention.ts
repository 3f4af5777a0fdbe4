/**
 * The fourth step, second part: what may leave the ledger, and who may write to it.
 *
 * - `erasure`: sealed values that were erased, and the event that says so.
 * - `segment`: an archive, and the event that says so; `removed` once its entries are gone.
 * - `archived`: the sessions of a segment.
 * - `vacancy`: consecutive positions whose entries went into an archive, all of one session.
 * - `session.owner`: the process to which a session belongs until it ends. Sessions that were open before
 *   there were owners belong to a process that is gone.
 * - `lease`: until when a process owns its sessions.
 * - `snapshot`: a session's folded state: a cache.
 */
export const RETENTION = `
  CREATE TABLE erasure (
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    event INTEGER NOT NULL REFERENCES event (position),
    PRIMARY KEY (position, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER erasure_is_never_updated BEFORE UPDATE ON erasure
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER erasure_is_never_deleted BEFORE DELETE ON erasure
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER erasure_is_never_replaced BEFORE INSERT ON erasure
    WHEN EXISTS (SELECT 1 FROM erasure WHERE position = NEW.position AND hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TABLE segment (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    event INTEGER NOT NULL REFERENCES event (position),
    removed INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TRIGGER segment_is_removed_once BEFORE UPDATE ON segment
    WHEN NEW.id <> OLD.id OR NEW.name <> OLD.name OR NEW.event <> OLD.event OR NEW.removed <= OLD.removed
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER segment_is_never_deleted BEFORE DELETE ON segment
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER segment_is_never_replaced BEFORE INSERT ON segment
    WHEN EXISTS (SELECT 1 FROM segment WHERE id = NEW.id OR name = NEW.name)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TABLE archived (
    sid INTEGER PRIMARY KEY REFERENCES session (sid),
    segment INTEGER NOT NULL REFERENCES segment (id)
  ) STRICT;
  CREATE INDEX archived_by_segment ON archived (segment);
  CREATE TRIGGER archived_is_never_updated BEFORE UPDATE ON archived
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER archived_is_never_deleted BEFORE DELETE ON archived
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER archived_is_never_replaced BEFORE INSERT ON archived
    WHEN EXISTS (SELECT 1 FROM archived WHERE sid = NEW.sid)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TABLE vacancy (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    sid INTEGER NOT NULL REFERENCES archived (sid)
  ) STRICT;
  CREATE TRIGGER vacancy_is_never_updated BEFORE UPDATE ON vacancy
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER vacancy_is_never_deleted BEFORE DELETE ON vacancy
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER vacancy_is_made_by_an_archive BEFORE INSERT ON vacancy
    WHEN NOT EXISTS (SELECT 1 FROM archived WHERE sid = NEW.sid)
      OR EXISTS (SELECT 1 FROM vacancy WHERE first = NEW.first)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  DROP TRIGGER IF EXISTS event_is_never_deleted;
  CREATE TRIGGER event_is_deleted_by_an_archive BEFORE DELETE ON event
    WHEN NOT EXISTS (SELECT 1 FROM archived WHERE sid = OLD.sid)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  DROP TRIGGER IF EXISTS blob_is_never_deleted;
  CREATE TRIGGER blob_is_deleted_by_an_erasure_or_archive BEFORE DELETE ON blob
    WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE position = OLD.position AND hash = OLD.hash)
      AND ifnull((SELECT last FROM vacancy WHERE first <= OLD.position ORDER BY first DESC LIMIT 1), 0)
        < OLD.position
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  DROP TRIGGER IF EXISTS session_only_grows;
  ALTER TABLE session ADD COLUMN owner TEXT;
  UPDATE session SET owner = '' WHERE NOT EXISTS (
    SELECT 1 FROM event WHERE position = newest AND body GLOB '{"event_type":"TERMINATION",*');
  CREATE INDEX session_by_owner ON session (owner) WHERE owner IS NOT NULL;
  CREATE TRIGGER session_only_grows BEFORE UPDATE ON session
    WHEN NEW.sid <> OLD.sid OR NEW.tenant <> OLD.tenant OR NEW.session <> OLD.session
      OR NEW.next_seq < OLD.next_seq OR NEW.newest < OLD.newest
      OR (NEW.next_seq = OLD.next_seq) <> (NEW.newest = OLD.newest)
      OR (NEW.next_seq = OLD.next_seq AND NEW.head <> OLD.head)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TABLE lease (
    writer TEXT PRIMARY KEY,
    until_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE snapshot (
    sid INTEGER PRIMARY KEY REFERENCES session (sid),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
`;
