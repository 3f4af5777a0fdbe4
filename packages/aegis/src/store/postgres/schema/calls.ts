import type { EventType } from '@aegis/core';
import { REFUSED, type SchemaFunction } from './function.ts';
import { EVENT_GUARDS } from './guards.ts';

/** The guards of the table \`made\`, by statements of its making. */
const GUARD_RANGE = EVENT_GUARDS.map(
  ({ name, when, calls }) =>
    `EXECUTE format('CREATE TRIGGER ${name} ${when.replace('aegis.event', 'aegis.%I')}
      EXECUTE FUNCTION aegis.${calls}()', made);`,
).join('\n    ');

/**
 * Makes the tables for the positions up to `wanted`, each for `span` of them; answers with the first position
 * without room. A table is made first and attached then: neither readers nor writers wait for it.
 */
const MAKE_ROOM: SchemaFunction = {
  name: 'make_room',
  parameters: 'wanted bigint, span bigint',
  returns: 'bigint',
  body: `
DECLARE
  head bigint;
  room bigint;
  made text;
BEGIN
  SELECT log.position INTO head FROM aegis.log WHERE log.id = 1 FOR UPDATE;
  SELECT coalesce(max(event_range.beyond), 1) INTO room FROM aegis.event_range;
  IF span < 1024 OR wanted > head + 4194304 THEN
    RAISE EXCEPTION 'room is made for a few million entries at a time' ${REFUSED};
  END IF;
  WHILE room <= wanted LOOP
    made := format('event_%s', room);
    EXECUTE format('CREATE TABLE aegis.%I (LIKE aegis.event INCLUDING STORAGE INCLUDING INDEXES)', made);
    ${GUARD_RANGE}
    EXECUTE format('ALTER TABLE aegis.event ATTACH PARTITION aegis.%I FOR VALUES FROM (%s) TO (%s)',
      made, room, room + span);
    INSERT INTO aegis.event_range VALUES (room, room + span);
    room := room + span;
  END LOOP;
  RETURN room;
END`,
};

/** Lets go of the tables whose entries are all archived; nobody waits for it long. */
const DROP_EMPTY_RANGES: SchemaFunction = {
  name: 'drop_empty_ranges',
  parameters: '',
  returns: 'bigint',
  body: `
DECLARE
  part record;
  occupied boolean;
  dropped bigint := 0;
BEGIN
  PERFORM set_config('lock_timeout', '200ms', true);
  FOR part IN
    SELECT event_range.first FROM aegis.event_range, aegis.log WHERE event_range.beyond <= log.position
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM aegis.event_%s)', part.first) INTO occupied;
    CONTINUE WHEN occupied;
    EXECUTE format('ALTER TABLE aegis.event DETACH PARTITION aegis.event_%s', part.first);
    EXECUTE format('DROP TABLE aegis.event_%s', part.first);
    DELETE FROM aegis.event_range WHERE event_range.first = part.first;
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END`,
};

/** Whether an entry is of a type: its canonical body begins with it. */
const begins = (type: EventType): string => {
  const prefix = `{"event_type":"${type}",`;
  return `(substr(event.body, 1, ${prefix.length}) = '${prefix}'::bytea)`;
};

/** Whether an entry was written by this very transaction, and is of a type. */
const written = (type: EventType): string =>
  `event.position BETWEEN lowest AND highest AND event.xmin = pg_current_xact_id()::xid AND ${begins(type)}`;

/**
 * Removes sealed values that entries of the same transaction, at the positions from `lowest` to `highest`, say
 * are erased; answers with how many were there.
 *
 * SECURITY: nothing is erased without evidence of it, not even by who has stolen the role that writes.
 */
const ERASE: SchemaFunction = {
  name: 'erase',
  parameters: 'lowest bigint, highest bigint, positions bigint[], hashes bytea[]',
  returns: 'bigint',
  body: `
DECLARE
  named bytea[];
  events bigint[];
  unnamed bytea;
  removed bigint;
BEGIN
  SELECT array_agg(said.hash), array_agg(said.event) INTO named, events
  FROM (
    SELECT decode(hex[1], 'hex') AS hash, min(event.position) AS event
    FROM aegis.event, regexp_matches(convert_from(event.body, 'UTF8'), '"([0-9a-f]{64})"', 'g') AS hex
    WHERE ${written('DATA_ERASED')}
    GROUP BY 1
  ) AS said;
  SELECT wanted.hash INTO unnamed FROM unnest(hashes) AS wanted (hash)
    WHERE wanted.hash <> ALL (coalesce(named, '{}')) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'no event says that the sealed value % is erased', encode(unnamed, 'hex') ${REFUSED};
  END IF;
  INSERT INTO aegis.erasure (position, event, hash)
    SELECT DISTINCT blob.position, said.event, blob.hash
    FROM unnest(positions, hashes) AS wanted (position, hash)
      JOIN aegis.blob USING (position, hash)
      JOIN unnest(named, events) AS said (hash, event) USING (hash);
  DELETE FROM aegis.blob USING aegis.erasure
    WHERE erasure.event BETWEEN lowest AND highest
      AND blob.position = erasure.position AND blob.hash = erasure.hash;
  GET DIAGNOSTICS removed = ROW_COUNT;
  -- A snapshot may have been made of what is erased, and can be made anew.
  DELETE FROM aegis.snapshot USING aegis.event
    WHERE event.position = ANY (positions) AND snapshot.sid = event.sid;
  RETURN removed;
END`,
};

/** What others stand on: a session with such an event stays. */
const KEPT: readonly EventType[] = [
  'TOOL_PINNED',
  'TOOL_CHANGED',
  'TOOL_ACCEPTED',
  'POLICY_ACTIVATED',
  'KILL_SWITCHED',
  'DATA_ERASED',
  'SEGMENT_ARCHIVED',
  'LEDGER_KEY_ROTATED',
  'LEDGER_RESTORED',
];

/**
 * Removes the entries and values of whole sessions into the archive `named`; answers with how many entries
 * were removed. The transaction must then append the event that says so and call `archived_by`.
 */
const ARCHIVE: SchemaFunction = {
  name: 'archive',
  parameters: 'named text, tenants text[], sessions text[]',
  returns: 'bigint',
  body: `
DECLARE
  sids bigint[];
  refused text;
  places bigint[];
  belongs bigint[];
  removed bigint;
  made bigint;
BEGIN
  SELECT place.session INTO refused
    FROM unnest(tenants, sessions) AS place (tenant, session) LEFT JOIN aegis.session USING (tenant, session)
    WHERE session.sid IS NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'there is no session \`%\`', refused ${REFUSED};
  END IF;
  SELECT array_agg(DISTINCT session.sid) INTO sids
    FROM unnest(tenants, sessions) AS place (tenant, session) JOIN aegis.session USING (tenant, session);
  -- Nothing is appended to them from here on, and no other archive takes them.
  PERFORM FROM aegis.session WHERE session.sid = ANY (sids) ORDER BY session.sid FOR UPDATE;
  SELECT session.session INTO refused
    FROM aegis.session LEFT JOIN aegis.event ON event.position = session.newest
    WHERE session.sid = ANY (sids) AND session.sid NOT IN (SELECT archived.sid FROM aegis.archived)
      AND (session.owner IS NOT NULL OR ${begins('TERMINATION')} IS NOT TRUE) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'session \`%\` has not ended', refused ${REFUSED};
  END IF;
  SELECT session.session INTO refused FROM aegis.session JOIN aegis.archived USING (sid)
    WHERE session.sid = ANY (sids) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'session \`%\` is archived already', refused ${REFUSED};
  END IF;
  SELECT session.session INTO refused FROM aegis.session LEFT JOIN aegis.tree ON tree.log = session.tenant
    WHERE session.sid = ANY (sids) AND coalesce(tree.through, 0) < session.newest LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'session \`%\` is not sealed', refused ${REFUSED};
  END IF;

  WITH RECURSIVE walk (sid, position, prev) AS (
    SELECT event.sid, event.position, event.prev
      FROM aegis.session JOIN aegis.event ON event.position = session.newest AND event.sid = session.sid
      WHERE session.sid = ANY (sids)
    UNION ALL
    SELECT event.sid, event.position, event.prev
      FROM walk JOIN aegis.event ON event.position = walk.prev AND event.sid = walk.sid
      WHERE walk.prev < walk.position
  )
  SELECT array_agg(walk.position), array_agg(walk.sid), count(*) INTO places, belongs, removed FROM walk;
  IF removed <> (SELECT sum(session.next_seq) FROM aegis.session WHERE session.sid = ANY (sids)) THEN
    RAISE EXCEPTION 'the sessions cannot be read as a whole' ${REFUSED};
  END IF;
  SELECT session.session INTO refused FROM aegis.event JOIN aegis.session USING (sid)
    WHERE event.position = ANY (places)
      AND encode(substr(event.body, 1, 40), 'escape') ~ '^{"event_type":"(${KEPT.join('|')})"' LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'session \`%\` holds events on which others stand', refused ${REFUSED};
  END IF;

  BEGIN
    INSERT INTO aegis.segment (name) VALUES (named) RETURNING segment.id INTO made;
  EXCEPTION WHEN unique_violation THEN
    RAISE EXCEPTION 'there is an archive \`%\` already', named ${REFUSED};
  END;
  INSERT INTO aegis.archived SELECT sid, made FROM unnest(sids) AS sid;
  INSERT INTO aegis.vacancy (first, last, sid)
    SELECT min(place.position), max(place.position), place.sid
    FROM (
      SELECT position, sid, position - row_number() OVER (PARTITION BY sid ORDER BY position) AS run
      FROM unnest(places, belongs) AS gone (position, sid)
    ) AS place
    GROUP BY place.sid, place.run;
  DELETE FROM aegis.blob WHERE blob.position = ANY (places);
  DELETE FROM aegis.event WHERE event.position = ANY (places);
  DELETE FROM aegis.snapshot WHERE snapshot.sid = ANY (sids);
  RETURN removed;
END`,
};

/**
 * Binds an archive to the entry of the same transaction that says so, at one of the positions from `lowest` to
 * `highest`; answers with its position. Without this the transaction cannot be committed.
 */
const ARCHIVED_BY: SchemaFunction = {
  name: 'archived_by',
  parameters: 'named text, lowest bigint, highest bigint',
  returns: 'bigint',
  body: `
DECLARE
  made bigint;
  sessions bigint;
  events bigint;
  witness bigint;
  said json;
BEGIN
  SELECT segment.id INTO made FROM aegis.segment WHERE segment.name = named AND segment.event IS NULL;
  SELECT count(DISTINCT vacancy.sid), coalesce(sum(vacancy.last - vacancy.first + 1), 0) INTO sessions, events
    FROM aegis.archived JOIN aegis.vacancy USING (sid) WHERE archived.segment = made;
  SELECT event.position, convert_from(event.body, 'UTF8')::json -> 'payload' INTO witness, said
    FROM aegis.event WHERE ${written('SEGMENT_ARCHIVED')} LIMIT 1;
  IF witness IS NULL
    OR (said ->> 'segment', (said ->> 'sessions')::bigint, (said ->> 'events')::bigint)
      IS DISTINCT FROM (named, sessions, events)
  THEN
    RAISE EXCEPTION 'no event says that % events of % sessions are archived as \`%\`', events, sessions, named
      ${REFUSED};
  END IF;
  UPDATE aegis.segment SET event = witness WHERE segment.id = made;
  RETURN witness;
END`,
};

/** What the role that writes may call, to do what that role itself may not do. */
export const CALLS: readonly SchemaFunction[] = [MAKE_ROOM, DROP_EMPTY_RANGES, ERASE, ARCHIVE, ARCHIVED_BY];
