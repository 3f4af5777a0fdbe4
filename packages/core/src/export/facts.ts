import { isJsonObject, type JsonValue } from '../model/json.ts';
import type { EventType } from '../model/event.ts';
import { type CallBook, scoreOf } from './call-book.ts';
import type { ExportRecord } from './record.ts';
import { redact } from './redact.ts';

export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';

/** What an event says, with what earlier events say of its session and its call; credentials are taken out. */
export interface Facts {
  readonly position: number;
  readonly hash: string;
  readonly type: EventType;
  readonly atMs: number;
  readonly tenant: string;
  readonly user: string;
  readonly session: string;
  readonly seq: number;
  readonly severity: Severity;
  readonly agent: string | undefined;
  readonly door: string | undefined;
  readonly callId: string | undefined;
  readonly server: string | undefined;
  readonly method: string | undefined;
  /** Of the tool, the prompt or the resource. */
  readonly name: string | undefined;
  readonly effect: string | undefined;
  readonly code: string | undefined;
  readonly rule: string | undefined;
  readonly outcome: string | undefined;
  readonly score: number | undefined;
  /** Who said so. */
  readonly by: string | undefined;
  readonly text: string | undefined;
}

/** Reads an event that the book has taken. */
export function factsOf({ position, hash, envelope }: ExportRecord, book: CallBook): Facts {
  const { event_type: type, payload, session_id, tenant_id, user_id, seq, ts_unix_ms } = envelope;
  const started = book.session(envelope);
  const call = book.call(envelope);
  const said = (...names: readonly string[]): string | undefined =>
    names.map((name) => payload[name]).find((value) => typeof value === 'string');
  const code = said('code') ?? firstReason(payload['reasons']);
  return {
    position,
    hash,
    type,
    atMs: ts_unix_ms,
    tenant: tenant_id,
    user: user_id,
    session: session_id,
    seq,
    severity: severityOf(type, code),
    agent: started?.agent ?? said('agent'),
    door: started?.door ?? said('door'),
    callId: said('call_id'),
    server: call?.server ?? said('server'),
    method: call?.method ?? said('method'),
    name: withoutSecrets(call?.name ?? said('tool_name', 'name')),
    effect: said('effect'),
    code,
    rule: said('rule') ?? call?.rule,
    outcome: said('outcome', 'upstream', 'state'),
    score: scoreOf(payload['score']) ?? call?.score,
    by: said('by'),
    text: withoutSecrets(said('message', 'why', 'because', 'cause')),
  };
}

function withoutSecrets(text: string | undefined): string | undefined {
  return text === undefined ? undefined : String(redact(text));
}

function firstReason(reasons: JsonValue | undefined): string | undefined {
  const first = Array.isArray(reasons) ? (reasons[0] as JsonValue | undefined) : undefined;
  const code = isJsonObject(first) ? first['code'] : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What a defence saw, and not what a rule says of everybody. */
const ATTACK = /^(?:GUARD_|THREAT_SCORE$|TAINTED_|TOOL_CHANGED$|PROTOCOL_VIOLATION$|LOOP_DETECTED$)/;

function severityOf(type: EventType, code: string | undefined): Severity {
  switch (type) {
    case 'TOOL_CALL_DENIED':
    case 'ACCESS_DENIED':
      return code !== undefined && ATTACK.test(code) ? 'high' : 'medium';
    case 'KILL_SWITCHED':
    case 'LEDGER_RESTORED':
      return 'critical';
    case 'ERROR_RAISED':
      return 'high';
    case 'TOOL_CHANGED':
    case 'DATA_ERASED':
    case 'LEDGER_KEY_ROTATED':
    case 'SECRET_CHANGED':
      return 'medium';
    case 'APPROVAL_REQUESTED':
    case 'POLICY_ACTIVATED':
    case 'GRANT_MADE':
    case 'TOOL_ACCEPTED':
    case 'DATA_DECLASSIFIED':
      return 'low';
    default:
      return 'info';
  }
}
