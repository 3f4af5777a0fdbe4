import { DatabaseSync } from 'node:sqlite';

/** How many calls a ledger file speaks of. */
export function countCalls(file: string): number {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const row = db.prepare('SELECT count(*) AS calls FROM event WHERE instr(body, ?) > 0').get(PROPOSED);
    return Number(row?.['calls']);
  } finally {
    db.close();
  }
}

const PROPOSED = '"event_type":"TOOL_CALL_PROPOSED"';
