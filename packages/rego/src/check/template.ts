import { TEMPLATE_STRING } from '../builtins/template.ts';
import type { Position } from '../diagnostic.ts';
import type { Comprehension, Local, Term, With } from './resolved.ts';

/** A set of the one value of a term, or of none where it is undefined; `own` is a fresh variable. */
export function valueOrNone(term: Term, withs: readonly With[], own: Local): Comprehension {
  const { at } = term;
  const item: Term = { kind: 'local', local: own, at };
  const expression = { kind: 'unify', left: item, right: term } as const;
  const body = [{ expression, negated: false, withs, at }];
  return { kind: 'comprehension', result: 'set', key: undefined, item, body, own, at };
}

/** Puts texts and sets of values together. */
export function templateCall(items: readonly Term[], at: Position): Term {
  const callee = { kind: 'builtin', builtin: TEMPLATE_STRING } as const;
  return { kind: 'call', callee, args: [{ kind: 'array', items, at }], at };
}
