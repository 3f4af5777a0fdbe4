import { aliasesOf } from './aliases.ts';
import { type Assignments, assignmentsOf } from './assignment.ts';
import { type Call, callsOf, MOST_EFFORT } from './call.ts';
import { tokenizeGo } from './go.ts';
import { tokenizeJavascript } from './javascript.ts';
import type { Aliases } from './name.ts';
import { parametersOf } from './parameter.ts';
import { tokenizePython } from './python.ts';
import { type Stream, streamsOf } from './stream.ts';
import type { CodeLanguage, Token } from './token.ts';
import { type Value, valueOf } from './value.ts';

/** A program taken apart, as far as rules ask: no grammar, no types, no flow. */
export interface Code {
  readonly language: CodeLanguage;
  /** Its own tokens first, then those of the expressions in its strings. */
  readonly streams: readonly Stream[];
  readonly aliases: Aliases;
  readonly assignments: Assignments;
  /** Names that somebody else gives a value: parameters, and what a loop goes over. */
  readonly parameters: ReadonlySet<string>;
  readonly calls: readonly Call[];
  /** Whether all of it was taken apart. */
  readonly complete: boolean;
}

const TOKENIZERS = {
  javascript: tokenizeJavascript,
  python: tokenizePython,
  go: tokenizeGo,
} as const satisfies Record<CodeLanguage, (text: string) => readonly Token[]>;

/** Takes a program apart. Whatever the text, it does not throw. Takes time linear in the text. */
export function readCode(text: string, language: CodeLanguage): Code {
  const streams = streamsOf(TOKENIZERS[language](text));
  const aliases = aliasesOf(streams, language);
  const effort = { left: MOST_EFFORT };
  const calls = streams.flatMap((stream) => callsOf(stream, aliases, language, effort));
  return {
    language,
    streams,
    aliases,
    assignments: assignmentsOf(streams),
    parameters: parametersOf(streams),
    calls,
    complete: effort.left >= 0,
  };
}

/** Names that are followed to what was assigned to them, one after the other. */
const MOST_STEPS = 4;

/** What an expression is, with names followed to what the same file assigns to them. */
export function resolve(code: Code, tokens: readonly Token[], steps = MOST_STEPS): Value {
  const value = valueOf(tokens);
  if (value.kind === 'built') return filled(code, value, steps);
  if (value.kind !== 'name' || steps === 0) return value;
  const found = (code.assignments.get(value.name) ?? []).map((one) => resolve(code, one, steps - 1));
  const built = found.find(({ kind }) => kind === 'built');
  if (built !== undefined) return built;
  const [only] = found;
  const given = found.length !== 1 || code.parameters.has(value.name);
  return given || only === undefined ? { kind: 'unknown' } : only;
}

/** A text in which only values stand that the file itself says. */
function filled(code: Code, value: Extract<Value, { kind: 'built' }>, steps: number): Value {
  if (steps === 0) return value;
  const given = value.names.map((name) => constantOf(code, name, steps));
  if (!given.every((one) => one !== undefined)) return value;
  let at = 0;
  return { kind: 'constant', text: value.text.replace(HOLES, () => given[at++] ?? '') };
}

const HOLES = /\uFFFC/g;

function constantOf(code: Code, name: string, steps: number): string | undefined {
  const assigned = name === '' || code.parameters.has(name) ? [] : (code.assignments.get(name) ?? []);
  const [only] = assigned;
  if (only === undefined || assigned.length > 1) return undefined;
  const [first] = only;
  if (only.length === 1 && first?.kind === 'number') return first.text;
  const value = resolve(code, only, steps - 1);
  return value.kind === 'constant' ? value.text : undefined;
}

/** Every token of a program. */
export function* tokensOf({ streams }: Code): Generator<Token> {
  for (const { tokens } of streams) yield* tokens;
}
