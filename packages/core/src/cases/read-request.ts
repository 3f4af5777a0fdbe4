import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { SourceDocument } from '../source/document.ts';
import { fault, type Report, readLine, readTable, readWord, refuseUnknownKeys } from '../source/report.ts';
import type { PolicyCase } from './case.ts';
import { NEW_SESSION, readCall, readInstant, readSession } from './read-cases.ts';

/** A call to be decided, in the session that it says and at the time that it says. */
export type DecisionRequest = Pick<PolicyCase, 'call' | 'session' | 'atMs'>;

const MAX_TEXT = 8192;

/**
 * Reads one request for a decision: as cases have it (`call`, `session`, `at`), or as OpenID AuthZEN writes it
 * (`subject`, `action`, `resource`, `context`). Everything wrong with it is reported at once; then there is none.
 */
export function readDecisionRequest(document: SourceDocument): {
  readonly request?: DecisionRequest;
  readonly diagnostics: readonly Diagnostic[];
} {
  const report: Report = { document, diagnostics: [...document.diagnostics] };
  const table = document.value === undefined ? undefined : readTable(report, [], document.value);
  const request =
    table && (table['call'] === undefined ? readEvaluation(report, table) : readNative(report, table));
  return request === undefined || report.diagnostics.length > 0
    ? { diagnostics: sortDiagnostics(report.diagnostics) }
    : { request, diagnostics: [] };
}

function readNative(report: Report, table: JsonObject): DecisionRequest | undefined {
  refuseUnknownKeys(report, [], table, ['call', 'session', 'at']);
  const { call: described, session, at } = table;
  const call = readCall(report, ['call'], described ?? null);
  return call && { call, ...around(report, [], { session, at }) };
}

function around(
  report: Report,
  path: readonly string[],
  { session, at }: { session: JsonValue | undefined; at: JsonValue | undefined },
): Pick<DecisionRequest, 'session' | 'atMs'> {
  return {
    session: session === undefined ? NEW_SESSION : readSession(report, [...path, 'session'], session),
    atMs: at === undefined ? undefined : readInstant(report, [...path, 'at'], at),
  };
}

const KINDS = ['tool', 'resource', 'prompt'] as const;

/** AuthZEN: the agent is the subject, the method the action; `resource.properties.server` has what is called. */
function readEvaluation(report: Report, table: JsonObject): DecisionRequest | undefined {
  refuseUnknownKeys(report, [], table, ['subject', 'action', 'resource', 'context']);
  const part = (key: string, known: readonly string[]): JsonObject => {
    if (table[key] === undefined) {
      fault(report, [], 'missing-key', `a request needs \`${key}\``, {
        help: 'a request has `subject`, `action` and `resource`, or `call`',
      });
    }
    const read = table[key] === undefined ? undefined : readTable(report, [key], table[key]);
    if (read !== undefined) refuseUnknownKeys(report, [key], read, known);
    return read ?? {};
  };
  const line = (path: readonly [string, ...string[]], value: JsonValue | undefined): string => {
    if (value !== undefined) return readLine(report, path, value, MAX_TEXT) ?? '';
    fault(report, [path[0]], 'missing-key', `a request needs \`${path.join('.')}\``);
    return '';
  };
  const properties = (key: string, value: JsonValue | undefined, known: readonly string[]): JsonObject => {
    const read = value === undefined ? {} : (readTable(report, [key, 'properties'], value) ?? {});
    refuseUnknownKeys(report, [key, 'properties'], read, known);
    return read;
  };
  const subject = part('subject', ['type', 'id', 'properties']);
  const action = part('action', ['name']);
  const resource = part('resource', ['type', 'id', 'properties']);
  const context = table['context'] === undefined ? {} : part('context', ['args', 'session', 'at']);
  const { tenant } = properties('subject', subject['properties'], ['tenant']);
  const { server } = properties('resource', resource['properties'], ['server']);
  const kind = readWord(report, ['resource', 'type'], resource['type'] ?? null, KINDS);
  const name = line(['resource', 'id'], resource['id']);
  const args = context['args'] === undefined ? {} : readTable(report, ['context', 'args'], context['args']);
  const call = {
    server: line(['resource', 'properties', 'server'], server),
    kind: kind ?? 'tool',
    name,
    method: line(['action', 'name'], action['name']),
    agent: line(['subject', 'id'], subject['id']),
    tenant: tenant === undefined ? undefined : line(['subject', 'properties', 'tenant'], tenant),
    args: kind === 'resource' ? { uri: name, ...args } : (args ?? {}),
  };
  return { call, ...around(report, ['context'], { session: context['session'], at: context['at'] }) };
}
