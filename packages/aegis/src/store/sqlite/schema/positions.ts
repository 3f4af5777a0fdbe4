/**
 * The third step: the indexes by session and by hash, whose every entry is a page of its own to write, go.
 * Instead `event.prev` leads from an entry to the one before it in its session, from `session.newest` on,
 * and a sealed value lies at the position of the entry that committed to it.
 */
export const POSITIONS = `
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
`;
