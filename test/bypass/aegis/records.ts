import { DatabaseSync } from 'node:sqlite';
import type { Decision } from '../attempt.ts';

/** The decisions that a ledger file has got since it was last read. */
export interface Records {
  /** Each with the call that it is on. Throws for a call with two decisions, or a decision without a word why. */
  next(): readonly Decision[];
  close(): void;
}

const DECIDED: Readonly<Record<string, Decision>> = {
  TOOL_CALL_ALLOWED: 'allowed',
  ACCESS_ALLOWED: 'allowed',
  TOOL_CALL_DENIED: 'denied',
  ACCESS_DENIED: 'denied',
};

export function openRecords(ledger: string): Records {
  const db = new DatabaseSync(ledger, { readOnly: true });
  const newer = db.prepare('select position, body from event where position > ? order by position');
  const decided = new Set<string>();
  let last = -1;
  return {
    next: () => {
      const rows = newer.all(last) as { position: number; body: string }[];
      last = rows.at(-1)?.position ?? last;
      return rows.flatMap(({ body }) => {
        const { event_type: type, payload } = JSON.parse(body) as {
          event_type: string;
          payload: { call_id?: string };
        };
        const decision = DECIDED[type];
        if (decision === undefined) return [];
        const call = String(payload.call_id);
        if (decided.has(call)) throw new Error(`two decisions on ${call}`);
        decided.add(call);
        return [decision];
      });
    },
    close: () => db.close(),
  };
}
