import type * as z from 'zod';
import type { EventType } from '../model/event.ts';
import type { JsonObject } from '../model/json.ts';
import { CALL_PAYLOADS } from './payloads/calls.ts';
import { PEOPLE_PAYLOADS } from './payloads/people.ts';
import { SESSION_PAYLOADS } from './payloads/session.ts';
import { UPKEEP_PAYLOADS } from './payloads/upkeep.ts';
import { type Order, type QuickCheck, quickCheck } from './quick-check.ts';

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
const quickChecks: Readonly<Record<Order, Map<EventType, QuickCheck>>> = {
  any: new Map(),
  canonical: new Map(),
};

function isSurely(type: EventType, payload: JsonObject, order: Order): boolean {
  let quick = quickChecks[order].get(type);
  if (quick === undefined) quickChecks[order].set(type, (quick = quickCheck(PAYLOADS[type], order)));
  return quick(payload);
}

/**
 * Whether a payload is as its event type describes it, with all its members in canonical order; `false` says nothing.
 * `JSON.stringify` prints it in its canonical form, but for lone surrogates.
 */
export function isCanonicalPayload(type: EventType, payload: JsonObject): boolean {
  return isSurely(type, payload, 'canonical');
}

/** Says what is wrong with a payload, in words; undefined when it is as its event type describes it. */
export function checkPayload(type: EventType, payload: JsonObject): string | undefined {
  if (isSurely(type, payload, 'canonical') || isSurely(type, payload, 'any')) return undefined;
  const checked = PAYLOADS[type].safeParse(payload);
  if (checked.success) return undefined;
  const [issue] = checked.error.issues;
  const place =
    issue === undefined || issue.path.length === 0 ? 'the payload' : `\`${issue.path.join('.')}\``;
  return `${place} of \`${type}\`: ${issue?.message ?? 'not valid'}`;
}
