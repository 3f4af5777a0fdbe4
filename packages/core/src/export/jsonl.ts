import type { Facts } from './facts.ts';
import type { ExportRecord } from './record.ts';
import { redact } from './redact.ts';
import { timestamp } from './timestamp.ts';

/** One line of an audit log: what an event says by itself, flat, without credentials. */
export function jsonlLine(facts: Facts, { envelope, values }: ExportRecord): string {
  const { $sealed: _commitments, ...payload } = envelope.payload;
  const { atMs, type, callId, text, ...rest } = facts;
  return JSON.stringify({
    time: timestamp(atMs),
    type,
    ...rest,
    call_id: callId,
    message: text,
    payload: redact(payload),
    ...(values === undefined ? {} : { values: redact(values) }),
  });
}
