import { EVENTS } from './schema/events.ts';
import { LOGS } from './schema/logs.ts';
import { PERMITS } from './schema/permits.ts';
import { PINS } from './schema/pins.ts';
import { POSITIONS } from './schema/positions.ts';
import { RETENTION } from './schema/retention.ts';
import { WISHES } from './schema/wishes.ts';

/** Marks the file as ours in its header (`PRAGMA application_id`): "AEGL". */
export const APPLICATION_ID = 0x4145474c;

/**
 * The steps from an empty file to the newest schema, in order; `PRAGMA user_version` counts the
 * steps that a file has taken. A step is never changed after its release.
 */
export const MIGRATIONS: readonly string[] = [EVENTS, PINS, POSITIONS, LOGS + RETENTION, WISHES, PERMITS];
