/** Marks the file as ours in its header (`PRAGMA application_id`): "AEGL". */
export const APPLICATION_ID = 0x4145474c;

/**
 * The steps from an empty file to the newest schema, in order; `PRAGMA user_version` counts the
 * steps that a file has taken. A step is never changed after its release.
 *
 * - `event`: one row per entry. `body` is the exact text that was hashed. `position` is dense.
 * - `session`: where each session's chain ends; a session is named here once.
 * - `log`: one row: the newest position and the running hash over all entries.
 * - `blob`: sealed values by the hash that their commitments name.
 * - `pin`: where the events about each pinned definition stand; everything about it is in the events.
 *
 * The third step takes away the indexes by session and by hash, whose every entry is a page of its own to
 * write. Instead `event.prev` leads from an entry to the one before it in its session, from
 * `session.newest` on, and a sealed value lies at the position of the entry that committed to it.
 */
export const MIGRATIONS: readonly string[] = [
  `
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
  `,
  `
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
  `,
  `
  DROP TRIGGER IF EXISTS session_only_grows;
  ALTER TABLE session ADD COLUMN newest INTEGER NOT NULL DEFAULT 0;
  UPDATE session SET newest = ifnull((SELECT max(position) FROM event WHERE event.sid = session.sid), 0);
  CREATE TRIGGER session_only_grows BEFORE UPDATE ON session
    WHEN NEW.sid <> OLD.sid OR NEW.tenant <> OLD.tenant OR NEW.session <> OLD.session
      OR NEW.next_seq <= OLD.next_seq OR NEW.newest <= OLD.newest
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

  CREATE TABLE event_by_position (
    position INTEGER PRIMARY KEY,
    sid INTEGER NOT NULL REFERENCES session (sid),
    seq INTEGER NOT NULL,
    prev INTEGER NOT NULL,
    hash BLOB NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  INSERT INTO event_by_position
    SELECT position, sid, seq, ifnull(lag(position) OVER (PARTITION BY sid ORDER BY seq), 0), hash, body
    FROM event;

  CREATE TABLE blob_by_position (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL REFERENCES event (position),
    hash BLOB NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO blob_by_position
    SELECT blob.id, event.position, blob.hash, blob.bytes
    FROM event
      JOIN json_each(iif(json_valid(body), body, '{}'), '$.payload."$sealed"') AS sealed
      JOIN blob ON blob.hash = CASE sealed.type WHEN 'object' THEN unhex(sealed.value ->> '$.h') END;
  -- A value whose entry was tampered with is evidence all the same.
  INSERT INTO blob_by_position
    SELECT id, 0, hash, bytes FROM blob WHERE id NOT IN (SELECT id FROM blob_by_position);
  DROP TABLE blob;
  DROP TABLE event;
  ALTER TABLE event_by_position RENAME TO event;
  ALTER TABLE blob_by_position RENAME TO blob;
  CREATE INDEX blob_at_position ON blob (position);

  CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON event
    WHEN NEW.position <= (SELECT position FROM log WHERE id = 1)
      OR NEW.seq < (SELECT next_seq FROM session WHERE sid = NEW.sid)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER blob_is_never_updated BEFORE UPDATE ON blob
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER blob_is_never_deleted BEFORE DELETE ON blob
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER blob_is_never_replaced BEFORE INSERT ON blob
    WHEN NEW.position <= (SELECT position FROM log WHERE id = 1)
      OR EXISTS (SELECT 1 FROM blob WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  `,
];
