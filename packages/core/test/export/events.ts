import { createHash } from 'node:crypto';
import type { ExportRecord } from '../../src/export/record.ts';
import { canonicalJson } from '../../src/ledger/canonical.ts';
import type { Envelope, EventType } from '../../src/model/event.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Sha256 } from '../../src/model/hash.ts';

export const sha256: Sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** Midnight of 21 November 2025, UTC. */
export const MIDNIGHT = 1_763_683_200_000;

/** An event of one session, at a position, so many milliseconds after midnight. */
export function record(
  event_type: EventType,
  payload: JsonObject,
  position: number,
  atMs = MIDNIGHT + position,
): ExportRecord {
  const envelope: Envelope = {
    event_type,
    payload,
    seq: position - 1,
    session_id: 'ses_1',
    tenant_id: 'acme',
    ts_unix_ms: atMs,
    user_id: 'ada',
  };
  const body = canonicalJson(envelope as unknown as JsonObject);
  return { position, hash: sha256(body), body, envelope };
}

/** A session with one call that ran. */
export function callEvents({ tool = 'read_file' } = {}): ExportRecord[] {
  const call_id = 'c1';
  return [
    record('SESSION_STARTED', { agent: 'coder', door: 'mcp-stdio' }, 1),
    record(
      'TOOL_CALL_PROPOSED',
      {
        $sealed: { '/args': { h: 'ab', n: 40 } },
        call_id,
        server: 'files',
        tool_name: tool,
        method: 'tools/call',
      },
      2,
    ),
    record(
      'POLICY_DECISION',
      { call_id, effect: 'allow', rule: 'reads', reasons: [{ code: 'POLICY_ALLOW' }] },
      3,
    ),
    record('TOOL_CALL_ALLOWED', { call_id, decision: 'allow' }, 4),
    record('TOOL_CALL_EXECUTED', { call_id, duration_ms: 12, upstream: 'result' }, 5),
    record('TOOL_RESULT', { call_id, outcome: 'executed', masked: 0 }, 6),
  ];
}

export function denial(message: string, position = 3, atMs?: number): ExportRecord {
  return record('TOOL_CALL_DENIED', { call_id: 'c1', code: 'POLICY_DENY', message }, position, atMs);
}
