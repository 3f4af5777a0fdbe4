import { type Code, tokensOf } from './code.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Parts of a program that one question may lead to. */
const MOST_PARTS = 8;

/** The names of all calls in the arguments of a call, and in what is assigned to the names that stand there. */
export function calledWithin(code: Code, call: Span): ReadonlySet<string> {
  const called = new Set<string>();
  const parts: Span[] = [call];
  for (const part of parts) {
    for (const inner of code.calls) if (inner !== call && isWithin(inner, part)) called.add(inner.name);
    for (const token of tokensOf(code)) {
      if (token.kind !== 'name' || !isWithin(token, part)) continue;
      for (const assigned of code.assignments.get(token.text) ?? []) {
        const [first, last] = [assigned[0], assigned.at(-1)];
        if (first === undefined || last === undefined || parts.length >= MOST_PARTS) continue;
        if (!parts.some(({ start }) => start === first.start))
          parts.push({ start: first.start, end: last.end });
      }
    }
  }
  return called;
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}
