import type { Sha256 } from '../model/hash.ts';
import type { JsonObject } from '../model/json.ts';
import type { CallBook } from './call-book.ts';
import type { Facts } from './facts.ts';
import type { ExportRecord } from './record.ts';
import { timestamp } from './timestamp.ts';

/** A call from its proposal to its end, or a session with its calls as children. */
export interface Span {
  /** 32 hex digits; equal for a session and its calls. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** The span that an event ends; undefined when it ends none, or its beginning is not known any more. */
export function spanEndedBy(
  { envelope }: ExportRecord,
  facts: Facts,
  book: CallBook,
  sha256: Sha256,
): Span | undefined {
  const { tenant_id, session_id } = envelope;
  const trace = sha256(`${tenant_id}\n${session_id}`);
  const root = { traceId: trace.slice(0, 32), spanId: trace.slice(32, 48) };
  if (facts.type === 'TERMINATION') {
    const session = book.session(envelope);
    if (session === undefined) return undefined;
    const attributes = attributesOf(facts);
    return { ...root, name: 'session', startMs: session.atMs, endMs: facts.atMs, failed: false, attributes };
  }
  const call = ENDS.has(facts.type) ? book.call(envelope) : undefined;
  if (call === undefined) return undefined;
  return {
    traceId: root.traceId,
    spanId: sha256(`${tenant_id}\n${session_id}\n${facts.callId}`).slice(0, 16),
    parentSpanId: root.spanId,
    name: `${call.method} ${facts.name}`.trim(),
    startMs: call.atMs,
    endMs: Math.max(call.atMs, facts.atMs),
    failed: facts.outcome !== 'executed',
    attributes: attributesOf(facts),
  };
}

const ENDS = new Set(['TOOL_CALL_DENIED', 'TOOL_RESULT', 'ACCESS_DENIED', 'ACCESS_RESULT']);

function attributesOf(facts: Facts): Readonly<Record<string, string | number>> {
  const denied = facts.type.endsWith('_DENIED');
  const all = {
    'aegis.tenant': facts.tenant,
    'aegis.session': facts.session,
    'aegis.position': facts.position,
    'aegis.door': facts.door,
    'aegis.rule': facts.rule,
    'aegis.code': facts.code,
    'aegis.outcome': denied ? 'denied' : facts.outcome,
    'aegis.threat_score': facts.score,
    'enduser.id': facts.user,
    'gen_ai.agent.name': facts.agent,
    'mcp.method.name': facts.method,
    'server.name': facts.server,
    ...(facts.method === 'tools/call'
      ? {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': facts.name,
          'gen_ai.tool.call.id': facts.callId,
        }
      : { 'aegis.resource': facts.name, 'aegis.call': facts.callId }),
  };
  return Object.fromEntries(
    Object.entries(all).filter((one): one is [string, string | number] => one[1] !== undefined),
  );
}

/** A span in one line, for programs that know nothing of OpenTelemetry. */
export function spanLine({ traceId, spanId, parentSpanId, startMs, endMs, ...rest }: Span): string {
  return JSON.stringify({
    trace_id: traceId,
    span_id: spanId,
    ...(parentSpanId === undefined ? {} : { parent_span_id: parentSpanId }),
    start: timestamp(startMs),
    end: timestamp(endMs),
    duration_ms: endMs - startMs,
    ...rest,
  });
}

/** A span as OTLP writes it in JSON (opentelemetry-proto, trace/v1). */
export function otlpSpan(span: Span): JsonObject {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: span.parentSpanId === undefined ? SPAN_KIND_SERVER : SPAN_KIND_CLIENT,
    startTimeUnixNano: `${span.startMs}000000`,
    endTimeUnixNano: `${span.endMs}000000`,
    attributes: Object.entries(span.attributes).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
    })),
    status: span.failed ? { code: STATUS_CODE_ERROR } : {},
  };
}

const SPAN_KIND_SERVER = 2;
const SPAN_KIND_CLIENT = 3;
const STATUS_CODE_ERROR = 2;
