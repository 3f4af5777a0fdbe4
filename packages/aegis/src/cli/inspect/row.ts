import { type InspectedKind, isJsonObject, type JsonObject, type JsonValue, parseExact } from '@aegis/core';

/** One line of labelled cases: what is to be judged, and as what. */
export interface Row {
  readonly id: JsonValue;
  readonly kind: InspectedKind;
  readonly input: JsonValue;
  /** The dialect as the line names it. */
  readonly dialect: string | undefined;
  /** The folder that a path must not leave, where the line names one. */
  readonly root: string | undefined;
}

/** What a guard is called in collections of cases, by whom it is answered here, and the member that it is about. */
const GUARDS: Readonly<Record<string, readonly [kind: InspectedKind, member: string]>> = {
  prompt: ['prompt', 'text'],
  injection: ['prompt', 'text'],
  skill: ['prompt', 'text'],
  secret: ['secret', 'text'],
  pii: ['pii', 'text'],
  'pii-number': ['pii-number', 'value'],
  sql: ['sql', 'sql'],
  'sql-arg': ['sql-value', 'value'],
  shell: ['shell', 'command'],
  'shell-arg': ['shell-value', 'value'],
  path: ['path', 'path'],
  url: ['url', 'url'],
  egress: ['url', 'url'],
  tool: ['tool', 'tool'],
  tooldesc: ['tool', 'tool'],
  call: ['call', 'arguments'],
  toolcall: ['call', 'arguments'],
};

/** Reads a line; a text says what is wrong with it. */
export function readRow(line: string): Row | { readonly id: JsonValue; readonly error: string } {
  const parsed = parseExact(line);
  if (!parsed.ok || !isJsonObject(parsed.value)) return { id: null, error: 'the line is no JSON object' };
  const { id = null, guard, input } = parsed.value;
  const known = typeof guard === 'string' && Object.hasOwn(GUARDS, guard) ? GUARDS[guard] : undefined;
  if (known === undefined) return { id, error: 'no inspector answers to this `guard`' };
  if (!isJsonObject(input)) return { id, error: '`input` is no object' };
  const [kind, member] = known;
  return {
    id,
    kind,
    // Collections of values call every one of them a value.
    input: input[member] ?? input['value'] ?? null,
    dialect: textIn(input, 'dialect'),
    root: textIn(input, 'root'),
  };
}

function textIn(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}
