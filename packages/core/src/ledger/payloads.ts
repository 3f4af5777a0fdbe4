import type * as z from 'zod';
import type { EventType } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import { CALL_PAYLOADS } from './payloads/calls.ts';
import { PEOPLE_PAYLOADS } from './payloads/people.ts';
import { SESSION_PAYLOADS } from './payloads/session.ts';
import { UPKEEP_PAYLOADS } from './payloads/upkeep.ts';
import { type QuickCheck, quickCheck } from './quick-check.ts';

/**
 * The payload of each event type, in wire names. Unknown fields are refused: what is not described
 * here is not evidence. `$sealed` is added by `seal` and is no part of a draft.
 */
export const PAYLOADS = {
  ...SESSION_PAYLOADS,
  ...CALL_PAYLOADS,
  ...PEOPLE_PAYLOADS,
  ...UPKEEP_PAYLOADS,
} as const satisfies Record<EventType, z.ZodType>;

/** What the payload of an event type carries. */
export type Payload<T extends EventType> = z.infer<(typeof PAYLOADS)[T]>;

/** Compiled when the first event of a type comes. */
const quickChecks = new Map<EventType, QuickCheck>();

/** Says what is wrong with a payload, in words; undefined when it is as its event type describes it. */
export function checkPayload(type: EventType, payload: JsonObject): string | undefined {
  let quick = quickChecks.get(type);
  if (quick === undefined) quickChecks.set(type, (quick = quickCheck(PAYLOADS[type])));
  if (quick(payload)) return undefined;
  const checked = PAYLOADS[type].safeParse(payload);
  if (checked.success) return undefined;
  const [issue] = checked.error.issues;
  const place =
    issue === undefined || issue.path.length === 0 ? 'the payload' : `\`${issue.path.join('.')}\``;
  return `${place} of \`${type}\`: ${issue?.message ?? 'not valid'}`;
}
