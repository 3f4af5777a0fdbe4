import { type Envelope, printable } from '@aegis/core';

/** An event in one line, for people. */
export function eventLine(envelope: Envelope): string {
  const { event_type, session_id, seq, ts_unix_ms, payload } = envelope;
  const time = new Date(ts_unix_ms).toISOString();
  const told = TOLD.flatMap((name) => {
    const value = payload[name];
    return typeof value === 'string' || typeof value === 'number' ? [`${name}=${value}`] : [];
  });
  return printable(
    `${time}  ${session_id} ${String(seq).padStart(3)}  ${event_type}  ${told.join(' ')}`.trimEnd(),
  );
}

/** What of a payload says most, in the order in which it is told. */
const TOLD = [
  'agent',
  'door',
  'server',
  'tool_name',
  'name',
  'method',
  'effect',
  'mode',
  'decision',
  'rule',
  'code',
  'outcome',
  'upstream',
  'duration_ms',
  'masked',
  'score',
  'approval_id',
  'change',
  'secret',
  'version',
  'use',
  'by',
  'cause',
  'message',
];
