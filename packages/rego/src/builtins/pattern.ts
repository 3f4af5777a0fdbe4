import { RE2JS, RE2JSException } from 're2js';
import { BuiltinError } from './builtin.ts';

/** Longest pattern that is compiled, in UTF-16 units. */
const MAX_PATTERN = 4096;
const MEMORY = 256;

/** The pattern when it is one, the reason when it is none. */
type Compilation = { readonly pattern: RE2JS } | { readonly reason: string };

const remembered = new Map<string, Compilation>();

// SECURITY: patterns run in linear time whatever they are (RE2); JavaScript's own engine is never used for them.
export function compilePattern(source: string): Compilation {
  const known = remembered.get(source);
  if (known !== undefined) return known;
  const made = translate(source);
  if (remembered.size >= MEMORY) remembered.delete(remembered.keys().next().value ?? '');
  remembered.set(source, made);
  return made;
}

function translate(source: string): Compilation {
  if (source.length > MAX_PATTERN) return { reason: `pattern is longer than ${MAX_PATTERN} characters` };
  try {
    return { pattern: RE2JS.compile(source) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return { reason: error.message };
  }
}

export function patternOf(source: string): RE2JS {
  const found = compilePattern(source);
  if ('reason' in found) throw new BuiltinError(found.reason);
  return found.pattern;
}

/** A match: start and end of the whole and of each group, -1 for a group that took no part. */
export type Match = readonly (readonly [number, number])[];

/** Matches that do not overlap, from the left; an empty match right behind another does not count (as in Go). */
export function findAll(pattern: RE2JS, text: string, limit: number): readonly Match[] {
  const matcher = pattern.matcher(text);
  const groups = pattern.groupCount();
  const found: Match[] = [];
  let previousEnd = -1;
  let at = 0;
  const most = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  while (at <= text.length && found.length < most && matcher.find(at)) {
    const start = matcher.start(0);
    const end = matcher.end(0);
    if (end > start || start !== previousEnd) {
      found.push(
        Array.from({ length: groups + 1 }, (_, i): readonly [number, number] => [
          matcher.start(i),
          matcher.end(i),
        ]),
      );
    }
    previousEnd = end;
    at = end > at ? end : at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
  }
  return found;
}
