import { EVENT_TYPES, type Envelope, type EventType } from '../model/event.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';

const TYPES: ReadonlySet<string> = new Set(EVENT_TYPES);

/** Every field but `prev_hash`. */
const REQUIRED_FIELDS = 7;

/** Takes a parsed body for the envelope that it must be; undefined when a field is missing, foreign or of another type. */
export function asEnvelope(value: JsonValue): Envelope | undefined {
  if (!isJsonObject(value)) return undefined;
  const { event_type, payload, prev_hash, seq, session_id, tenant_id, ts_unix_ms, user_id } = value;
  const well =
    Object.keys(value).length === REQUIRED_FIELDS + (Object.hasOwn(value, 'prev_hash') ? 1 : 0) &&
    isEventType(event_type) &&
    isJsonObject(payload) &&
    (prev_hash === undefined || typeof prev_hash === 'string') &&
    Number.isSafeInteger(seq) &&
    Number.isSafeInteger(ts_unix_ms) &&
    typeof session_id === 'string' &&
    typeof tenant_id === 'string' &&
    typeof user_id === 'string';
  return well ? (value as unknown as Envelope) : undefined;
}

function isEventType(value: unknown): value is EventType {
  return typeof value === 'string' && TYPES.has(value);
}
