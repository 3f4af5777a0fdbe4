import { type Aliases, nameBefore } from './name.ts';
import { isPunctuator, splitAt, type Stream } from './stream.ts';
import type { CodeLanguage, Token } from './token.ts';

/** A call in a program. */
export interface Call {
  /** The whole name of what is called: see `nameBefore`. */
  readonly name: string;
  /** Arguments by place. */
  readonly args: readonly (readonly Token[])[];
  /** Arguments by name: keyword arguments (Python), or the members of an object that is an argument (JavaScript). */
  readonly named: ReadonlyMap<string, readonly Token[]>;
  readonly start: number;
  readonly end: number;
}

/** Names before which parentheses call nothing. */
const NO_CALL = new Set('if for while switch catch with return and or not in is elif lambda'.split(' '));
/** Words before a name that make it one that is defined here. */
const DEFINING = new Set(['function', 'def', 'func', 'class']);

/** What the arguments of all calls of a program may come to: a call in a call is taken apart with both. */
export interface Effort {
  left: number;
}

/** Tokens, for one program of the largest size that is read and one that is nested as programs are. */
export const MOST_EFFORT = 4_000_000;

/**
 * Every call of a stream, in the order in which their parentheses close. When the effort is spent, calls have no
 * arguments.
 */
export function callsOf(
  stream: Stream,
  aliases: Aliases,
  language: CodeLanguage,
  effort: Effort,
): readonly Call[] {
  const { tokens, partners } = stream;
  const calls: Call[] = [];
  for (const [opening, closing] of partners) {
    if (closing < opening || !isPunctuator(tokens[opening], '(')) continue;
    const last = tokens[opening - 1];
    if (last === undefined || (last.kind === 'name' && NO_CALL.has(last.text))) continue;
    if (DEFINING.has(tokens[opening - 2]?.text ?? '')) continue;
    // `name(...) {` is a method that is defined here.
    const next = tokens[closing + 1];
    if (language === 'javascript' && isPunctuator(next, '{') && next?.onNewLine === false) continue;
    const end = isPunctuator(last, '?.') ? opening - 1 : opening;
    const name = nameBefore(stream, end, aliases);
    if (name === undefined) continue;
    const { args, named } = takeApart(tokens, opening, closing, effort);
    calls.push({ name, args, named, start: last.start, end: tokens[closing]?.end ?? last.end });
  }
  return calls;
}

const NOTHING = { args: [], named: new Map() } as const;

function takeApart(
  tokens: readonly Token[],
  opening: number,
  closing: number,
  effort: Effort,
): Pick<Call, 'args' | 'named'> {
  effort.left -= closing - opening;
  return effort.left < 0 ? NOTHING : argumentsOf(tokens.slice(opening + 1, closing));
}

function argumentsOf(inner: readonly Token[]): Pick<Call, 'args' | 'named'> {
  const args: (readonly Token[])[] = [];
  const named = new Map<string, readonly Token[]>();
  for (const arg of splitAt(inner, ',')) {
    const [key, sign] = arg;
    if (key?.kind === 'name' && isPunctuator(sign, '=')) named.set(key.text, arg.slice(2));
    else args.push(arg);
    for (const [member, value] of membersOf(arg)) named.set(member, value);
  }
  return { args, named };
}

/** The members of an object that is written out: `{ a: 1, 'b': 2, c }`. */
function membersOf(tokens: readonly Token[]): ReadonlyMap<string, readonly Token[]> {
  const members = new Map<string, readonly Token[]>();
  if (!isPunctuator(tokens[0], '{') || !isPunctuator(tokens.at(-1), '}')) return members;
  for (const member of splitAt(tokens.slice(1, -1), ',')) {
    const [key, sign] = member;
    const name = key?.kind === 'string' ? key.value : key?.kind === 'name' ? key.text : undefined;
    if (name === undefined) continue;
    if (isPunctuator(sign, ':')) members.set(name, member.slice(2));
    else if (sign === undefined) members.set(name, member);
  }
  return members;
}
