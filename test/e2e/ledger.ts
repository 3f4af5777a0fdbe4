import { DatabaseSync } from 'node:sqlite';

export interface LedgerEvent {
  readonly type: string;
  readonly session: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Every event of a ledger file, in order, as it stands there. */
export function eventsIn(ledger: string): readonly LedgerEvent[] {
  const db = new DatabaseSync(ledger, { readOnly: true });
  const rows = db.prepare('select body from event order by position').all() as { body: string }[];
  db.close();
  return rows.map(({ body }) => {
    const { event_type, session_id, ts_unix_ms, payload } = JSON.parse(body);
    return { type: event_type, session: session_id, at: ts_unix_ms, payload };
  });
}

/** Calls that were allowed and have no outcome. */
export function openCallsIn(ledger: string): readonly string[] {
  const open = new Set<string>();
  for (const { type, payload } of eventsIn(ledger)) {
    if (type === 'TOOL_CALL_ALLOWED' || type === 'ACCESS_ALLOWED') open.add(String(payload['call_id']));
    if (type === 'TOOL_RESULT' || type === 'ACCESS_RESULT') open.delete(String(payload['call_id']));
  }
  return [...open];
}
