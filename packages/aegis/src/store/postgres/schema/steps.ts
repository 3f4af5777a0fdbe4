import { EVENTS } from './events.ts';
import { LOGS } from './logs.ts';
import { PERMITS } from './permits.ts';
import { RETENTION } from './retention.ts';
import { WISHES } from './wishes.ts';

/**
 * The steps from an empty schema to the newest one, in order; the table `aegis.step` names those that were
 * taken. A step is never changed after its release, and none leads back.
 */
export const STEPS: readonly string[] = [EVENTS, LOGS, RETENTION, WISHES, PERMITS];
