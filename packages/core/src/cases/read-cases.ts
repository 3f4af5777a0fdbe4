import { type Diagnostic, sortDiagnostics } from '../diagnostic.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import { REASON_CODES } from '../model/reason.ts';
import { MODES } from '../model/decision.ts';
import type { ResourceKind } from '../model/request.ts';
import { MASK_KINDS } from '../policy/rule.ts';
import { LOOP_WINDOW } from '../session/snapshot.ts';
import type { SourceDocument } from '../source/document.ts';
import {
  fault,
  type Report,
  readLine,
  readList,
  readNumber,
  readSet,
  readString,
  readTable,
  readWord,
  refuseUnknownKeys,
  type SourcePath,
} from '../source/report.ts';
import { parseInstant } from './instant.ts';
import type { CaseCall, CaseExpectation, CaseSession, PolicyCase } from './case.ts';

const MAX_CASES = 100_000;
const MAX_NAME = 256;
const MAX_URI = 8192;

/** Reads a file of cases, under `cases`. Everything wrong with it is reported at once; then there are none. */
export function readCases(document: SourceDocument): {
  readonly cases?: readonly PolicyCase[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const report: Report = { document, diagnostics: [...document.diagnostics] };
  const cases = document.value === undefined ? [] : readAll(report, document.value);
  return report.diagnostics.length > 0
    ? { diagnostics: sortDiagnostics(report.diagnostics) }
    : { cases, diagnostics: [] };
}

function readAll(report: Report, value: JsonValue): readonly PolicyCase[] {
  const table = readTable(report, [], value);
  if (table === undefined) return [];
  refuseUnknownKeys(report, [], table, ['$schema', 'cases']);
  const { cases: written } = table;
  if (written === undefined) return fault(report, [], 'missing-key', 'a file of cases needs `cases`') ?? [];
  const list = readList(report, ['cases'], written) ?? [];
  if (list.length === 0 || list.length > MAX_CASES) {
    fault(report, ['cases'], 'out-of-range', `\`cases\` must have 1 to ${MAX_CASES} of them`);
  }
  const cases = list
    .slice(0, MAX_CASES)
    .flatMap((item, index) => readCase(report, ['cases', index], item) ?? []);
  const names = new Set<string>();
  for (const { name, at } of cases) {
    if (names.has(name)) {
      report.diagnostics.push({ code: 'duplicate-name', message: `a case \`${name}\` exists already`, at });
    }
    names.add(name);
  }
  return cases;
}

function readCase(report: Report, path: SourcePath, value: JsonValue): PolicyCase | undefined {
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, ['name', 'call', 'session', 'at', 'expect']);
  const { name: title, call: called, session: before, at: time, expect: expected } = table;
  const name = required(report, path, 'name', title, (p, v) => readLine(report, p, v, MAX_NAME));
  const call = required(report, path, 'call', called, (p, v) => readCall(report, p, v));
  const expect = required(report, path, 'expect', expected, (p, v) => readExpectation(report, p, v));
  const session = before === undefined ? NEW_SESSION : readSession(report, [...path, 'session'], before);
  const atMs = time === undefined ? undefined : readInstant(report, [...path, 'at'], time);
  if (name === undefined || call === undefined || expect === undefined) return undefined;
  return { name, call, session, atMs, expect, at: report.document.positionOf(path) };
}

function required<T>(
  report: Report,
  path: SourcePath,
  key: string,
  value: JsonValue | undefined,
  read: (path: SourcePath, value: JsonValue) => T | undefined,
): T | undefined {
  if (value !== undefined) return read([...path, key], value);
  return fault(report, path, 'missing-key', `a case needs \`${key}\``);
}

const METHOD_OF: Readonly<Record<Exclude<ResourceKind, 'server'>, string>> = {
  tool: 'tools/call',
  resource: 'resources/read',
  prompt: 'prompts/get',
};

const KINDS = ['tool', 'resource', 'prompt'] as const;

/** Reads a call as cases describe it. */
export function readCall(report: Report, path: SourcePath, value: JsonValue): CaseCall | undefined {
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, [...KINDS, 'server', 'method', 'agent', 'tenant', 'args']);
  const line = (key: string): string | undefined =>
    table[key] === undefined ? undefined : readLine(report, [...path, key], table[key], MAX_URI);
  const server = table['server'] === undefined ? undefined : line('server');
  if (table['server'] === undefined) fault(report, path, 'missing-key', 'a call needs `server`');
  const named = KINDS.filter((kind) => table[kind] !== undefined);
  const [kind] = named;
  if (named.length !== 1 || kind === undefined) {
    return fault(report, path, 'missing-key', 'a call needs one of `tool`, `resource` and `prompt`');
  }
  const name = line(kind);
  const args: JsonObject | undefined =
    table['args'] === undefined ? {} : readTable(report, [...path, 'args'], table['args']);
  if (server === undefined || name === undefined || args === undefined) return undefined;
  return {
    server,
    kind,
    name,
    method: line('method') ?? METHOD_OF[kind],
    agent: line('agent'),
    tenant: line('tenant'),
    // A resource is read with its URI.
    args: kind === 'resource' && args['uri'] === undefined ? { ...args, uri: name } : args,
  };
}

/** A session that has done nothing yet. */
export const NEW_SESSION: CaseSession = { steps: 0, toolCalls: 0, denied: 0, identicalCalls: 0, ageMs: 0 };

/** Reads what a session has behind it. */
export function readSession(report: Report, path: SourcePath, value: JsonValue): CaseSession {
  const table = readTable(report, path, value);
  if (table === undefined) return NEW_SESSION;
  refuseUnknownKeys(report, path, table, ['steps', 'tool_calls', 'denied', 'identical_calls', 'age_ms']);
  const count = (key: string): number => {
    const written = table[key];
    const read = written === undefined ? 0 : readNumber(report, [...path, key], written);
    if (read === undefined || (Number.isSafeInteger(read) && read >= 0)) return read ?? 0;
    fault(report, [...path, key], 'out-of-range', `\`${key}\` must be a whole number from 0`);
    return 0;
  };
  const identicalCalls = count('identical_calls');
  if (identicalCalls > LOOP_WINDOW) {
    const message = `no more than ${LOOP_WINDOW} calls are remembered`;
    fault(report, [...path, 'identical_calls'], 'out-of-range', message);
  }
  return {
    steps: count('steps'),
    toolCalls: count('tool_calls'),
    denied: count('denied'),
    identicalCalls,
    ageMs: count('age_ms'),
  };
}

/** Unix milliseconds of a time with its offset. */
export function readInstant(report: Report, path: SourcePath, value: JsonValue): number | undefined {
  const text = readString(report, path, value);
  if (text === undefined) return undefined;
  return (
    parseInstant(text) ??
    fault(report, path, 'bad-time', `\`${text}\` is not a time`, {
      help: 'write it like `2026-11-24T03:00:00+01:00`',
    })
  );
}

const EFFECTS = ['allow', 'deny', 'require_approval'] as const;

function readExpectation(report: Report, path: SourcePath, value: JsonValue): CaseExpectation | undefined {
  const table = typeof value === 'string' ? { effect: value } : readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, ['effect', 'mode', 'rule', 'code', 'findings', 'mask']);
  const { effect: word, mode, rule, code, findings, mask } = table;
  if (word === undefined) return fault(report, path, 'missing-key', '`expect` needs `effect`');
  const effect = readWord(report, typeof value === 'string' ? path : [...path, 'effect'], word, EFFECTS);
  const read = {
    ...(mode === undefined ? {} : { mode: readWord(report, [...path, 'mode'], mode, MODES) ?? 'enforce' }),
    ...(rule === undefined ? {} : { rule: readLine(report, [...path, 'rule'], rule, MAX_NAME) ?? '' }),
    ...(code === undefined ? {} : { code: readWord(report, [...path, 'code'], code, REASON_CODES) ?? 'OK' }),
    ...(findings === undefined
      ? {}
      : {
          findings: readSet(report, [...path, 'findings'], findings, (p, v) =>
            readLine(report, p, v, MAX_NAME),
          ),
        }),
    ...(mask === undefined
      ? {}
      : { mask: readSet(report, [...path, 'mask'], mask, (p, v) => readWord(report, p, v, MASK_KINDS)) }),
  } as const;
  return effect === undefined ? undefined : { effect, ...read };
}
