import { APPEND_ONLY, type SchemaFunction } from './function.ts';

/** A trigger that refuses what would change evidence. */
export interface Guard {
  readonly table: string;
  readonly name: string;
  /** When it runs, as `CREATE TRIGGER` has it. */
  readonly when: string;
  /** The same as `pg_trigger.tgtype` has it: 1 for each row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate. */
  readonly type: number;
  readonly calls: string;
}

/** Rows of these stay as they were written, and stay. */
const FIXED = [
  'step',
  'tile',
  'leaf',
  'checkpoint',
  'signature',
  'installation',
  'installation_leaf',
  'erasure',
  'archived',
  'vacancy',
];

/** Rows of these move on, never back, and stay. */
const GROWING = ['log', 'session', 'pin', 'tree', 'segment'];

/** The guards of the table of entries, and of each table of a range of positions. */
export const EVENT_GUARDS: readonly Guard[] = [
  {
    table: 'event',
    name: 'event_is_never_changed',
    when: 'BEFORE UPDATE OR TRUNCATE ON aegis.event FOR EACH STATEMENT',
    type: 2 + 16 + 32,
    calls: 'refuse',
  },
  {
    table: 'event',
    name: 'event_is_removed_by_an_archive',
    when: 'AFTER DELETE ON aegis.event REFERENCING OLD TABLE AS gone FOR EACH STATEMENT',
    type: 8,
    calls: 'archived_events_alone',
  },
];

export const GUARDS: readonly Guard[] = [
  ...EVENT_GUARDS,
  {
    table: 'blob',
    name: 'blob_is_never_changed',
    when: 'BEFORE UPDATE OR TRUNCATE ON aegis.blob FOR EACH STATEMENT',
    type: 2 + 16 + 32,
    calls: 'refuse',
  },
  {
    table: 'blob',
    name: 'blob_is_removed_by_an_erasure_or_archive',
    when: 'AFTER DELETE ON aegis.blob REFERENCING OLD TABLE AS gone FOR EACH STATEMENT',
    type: 8,
    calls: 'erased_or_archived_values_alone',
  },
  {
    table: 'segment',
    name: 'segment_is_said',
    when: 'AFTER INSERT ON aegis.segment DEFERRABLE INITIALLY DEFERRED FOR EACH ROW',
    type: 1 + 4,
    calls: 'segment_is_said',
  },
  ...FIXED.map((table) => ({
    table,
    name: `${table}_is_never_changed`,
    when: `BEFORE UPDATE OR DELETE OR TRUNCATE ON aegis.${table} FOR EACH STATEMENT`,
    type: 2 + 8 + 16 + 32,
    calls: 'refuse',
  })),
  ...GROWING.flatMap((table) => [
    {
      table,
      name: `${table}_only_grows`,
      when: `BEFORE UPDATE ON aegis.${table} FOR EACH ROW`,
      type: 1 + 2 + 16,
      calls: `${table}_only_grows`,
    },
    {
      table,
      name: `${table}_is_never_removed`,
      when: `BEFORE DELETE OR TRUNCATE ON aegis.${table} FOR EACH STATEMENT`,
      type: 2 + 8 + 32,
      calls: 'refuse',
    },
  ]),
];

/**
 * Refuses an update of which `backwards` is true. It names where its operators come from, whatever the
 * `search_path` of the writer is: so it needs no setting of its own, which would cost more than the check.
 */
function onlyGrows(table: string, backwards: string): SchemaFunction {
  const condition = backwards.replace(/ (<=|<|<>) /g, ' OPERATOR(pg_catalog.$1) ');
  return guard(`${table}_only_grows`, `IF ${condition} THEN ${APPEND_ONLY}; END IF; RETURN NEW;`);
}

function guard(name: string, statements: string): SchemaFunction {
  return { name, parameters: '', returns: 'trigger', body: `BEGIN ${statements} END` };
}

export const GUARD_FUNCTIONS: readonly SchemaFunction[] = [
  guard('refuse', `${APPEND_ONLY};`),
  onlyGrows('log', 'NEW.id <> OLD.id OR NEW.position <= OLD.position'),
  onlyGrows(
    'session',
    `NEW.sid <> OLD.sid OR NEW.tenant <> OLD.tenant OR NEW.session <> OLD.session
      OR NEW.next_seq < OLD.next_seq OR NEW.newest < OLD.newest
      OR (NEW.next_seq <= OLD.next_seq AND (NEW.newest <> OLD.newest OR NEW.head <> OLD.head))`,
  ),
  onlyGrows(
    'pin',
    `NEW.key_hash <> OLD.key_hash OR NEW.key <> OLD.key OR NEW.newest <= OLD.newest
      OR COALESCE(NEW.pinned, 0) < COALESCE(OLD.pinned, 0)
      OR COALESCE(NEW.offered, 0) < COALESCE(OLD.offered, 0)`,
  ),
  onlyGrows(
    'tree',
    'NEW.id <> OLD.id OR NEW.log <> OLD.log OR NEW.size <= OLD.size OR NEW.through < OLD.through',
  ),
  onlyGrows('segment', 'OLD.event IS NOT NULL OR NEW.id <> OLD.id OR NEW.name <> OLD.name'),
  // SECURITY: entries leave the ledger only together with the event that says so.
  guard(
    'segment_is_said',
    `
    PERFORM FROM aegis.segment WHERE segment.id = NEW.id AND segment.event IS NOT NULL;
    IF NOT FOUND THEN ${APPEND_ONLY}; END IF;
    RETURN NULL;`,
  ),
  guard(
    'archived_events_alone',
    `
    PERFORM FROM gone WHERE NOT EXISTS (SELECT FROM aegis.archived WHERE archived.sid = gone.sid);
    IF FOUND THEN ${APPEND_ONLY}; END IF;
    RETURN NULL;`,
  ),
  guard(
    'erased_or_archived_values_alone',
    `
    PERFORM FROM gone
    WHERE NOT EXISTS (
        SELECT FROM aegis.erasure WHERE erasure.position = gone.position AND erasure.hash = gone.hash)
      AND coalesce((
        SELECT vacancy.last FROM aegis.vacancy WHERE vacancy.first <= gone.position
        ORDER BY vacancy.first DESC LIMIT 1), 0) < gone.position;
    IF FOUND THEN ${APPEND_ONLY}; END IF;
    RETURN NULL;`,
  ),
];
