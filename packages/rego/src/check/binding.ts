import type { Body, Comprehension, Literal, Local, Operand, Term } from './resolved.ts';
import {
  expressionTerms,
  literalTerms,
  operandsOf,
  visitBodyDeep,
  visitTerm,
  visitTermDeep,
} from './variables.ts';

/**
 * What is known to be bound at a point of a body. `outer` are the variables of the bodies around and of this
 * one: a body inside that mentions one of them waits until it is bound.
 */
export interface Bindings {
  readonly bound: Set<number>;
  readonly outer: ReadonlySet<number>;
}

export function fork(bindings: Bindings): Bindings {
  return { bound: new Set(bindings.bound), outer: bindings.outer };
}

type Unsafe = Local[];

/** Evaluates a term in mind: variables that it needs are reported, those that it iterates over become bound. */
export function useTerm(term: Term, bindings: Bindings, unsafe: Unsafe): void {
  switch (term.kind) {
    case 'scalar':
      return;
    case 'local':
      if (!bindings.bound.has(term.local.slot)) unsafe.push(term.local);
      return;
    case 'ref':
      if (typeof term.root !== 'string') useTerm(term.root, bindings, unsafe);
      for (const step of term.path) {
        if (isPattern(step)) bindTerm(step, bindings, unsafe);
        else useTerm(step, bindings, unsafe);
      }
      return;
    case 'array':
    case 'set':
      useTerms(term.items, bindings, unsafe);
      return;
    case 'object':
      useTerms(term.entries.flat(), bindings, unsafe);
      return;
    case 'call': {
      const count = arity(term);
      useTerms(term.args.slice(0, count), bindings, unsafe);
      for (const output of term.args.slice(count)) bindTerm(output, bindings, unsafe);
      return;
    }
    case 'comprehension':
      if (term.own === undefined) visitTermDeep(term, (local) => needOuter(local, bindings, unsafe));
      else useClosed(term, term.own, bindings, unsafe);
  }
}

function useClosed(term: Comprehension, own: Local, bindings: Bindings, unsafe: Unsafe): void {
  const known: Bindings = { bound: new Set(bindings.bound).add(own.slot), outer: bindings.outer };
  for (const literal of term.body) {
    for (const part of literalTerms(literal)) needAll(part, known, unsafe);
  }
}

/** Terms side by side: one may need what a later one binds. */
function useTerms(terms: readonly Term[], bindings: Bindings, unsafe: Unsafe): void {
  let waiting = terms;
  for (;;) {
    const missing: Unsafe = [];
    const still = waiting.filter((term) => {
      const attempt = fork(bindings);
      const needed: Unsafe = [];
      useTerm(term, attempt, needed);
      missing.push(...needed);
      if (needed.length === 0) for (const slot of attempt.bound) bindings.bound.add(slot);
      return needed.length > 0;
    });
    if (still.length === 0) return;
    if (still.length === waiting.length) {
      unsafe.push(...missing);
      return;
    }
    waiting = still;
  }
}

/** How many of a call's arguments go in; one more is the result. */
export function arity(call: Extract<Term, { kind: 'call' }>): number {
  switch (call.callee.kind) {
    case 'builtin':
      return call.callee.builtin.variadic === true ? call.args.length : call.callee.builtin.args.length;
    case 'function':
      return call.callee.group.arity;
    case 'unknown':
      // Reported already: its variables should not be reported again as unsafe.
      return 0;
  }
}

/** Terms that a value can be taken apart by. */
export function isPattern(term: Term): boolean {
  return term.kind === 'local' || term.kind === 'array' || term.kind === 'object';
}

/** Matches a known value with a term in mind: its variables become bound. */
export function bindTerm(term: Term, bindings: Bindings, unsafe: Unsafe): void {
  switch (term.kind) {
    case 'local':
      bindings.bound.add(term.local.slot);
      return;
    case 'array':
      for (const item of term.items) bindTerm(item, bindings, unsafe);
      return;
    case 'object':
      for (const [key, value] of term.entries) {
        useTerm(key, bindings, unsafe);
        bindTerm(value, bindings, unsafe);
      }
      return;
    default:
      useTerm(term, bindings, unsafe);
  }
}

function needOuter(local: Local, bindings: Bindings, unsafe: Unsafe): void {
  if (bindings.outer.has(local.slot) && !bindings.bound.has(local.slot)) unsafe.push(local);
}

/** The variables that keep a literal from being evaluated now; when none do, its outputs become bound. */
export function useLiteral(literal: Literal, bindings: Bindings): Unsafe {
  const unsafe: Unsafe = [];
  for (const { value } of literal.withs) useTerm(value, bindings, unsafe);
  if (literal.negated) {
    for (const term of expressionTerms(literal.expression)) needAll(term, bindings, unsafe);
    return unsafe;
  }
  const { expression } = literal;
  if (literal.isClosed === true && expression.kind === 'unify') {
    visitTerm(expression.right, (local) => {
      if (!bindings.bound.has(local.slot)) unsafe.push(local);
    });
    if (unsafe.length > 0) return unsafe;
  }
  switch (expression.kind) {
    case 'term':
      useTerm(expression.term, bindings, unsafe);
      return unsafe;
    case 'unify':
      unsafe.push(...useUnify(expression.left, expression.right, bindings));
      return unsafe;
    case 'some-in':
      useTerm(expression.collection, bindings, unsafe);
      if (expression.key !== undefined) bindTerm(expression.key, bindings, unsafe);
      bindTerm(expression.value, bindings, unsafe);
      return unsafe;
    case 'every':
      useTerm(expression.domain, bindings, unsafe);
      visitBodyDeep(expression.body, (local) => needOuter(local, bindings, unsafe));
      return unsafe;
    case 'logic':
      for (const operand of expression.operands) useOperand(operand, bindings, unsafe);
      return unsafe;
  }
}

/** An operand binds nothing: without braces it needs all that it mentions, with braces what the bodies around have. */
function useOperand({ body, isExplicit, own }: Operand, bindings: Bindings, unsafe: Unsafe): void {
  if (isExplicit) {
    visitBodyDeep(body, (local) => needOuter(local, bindings, unsafe));
    return;
  }
  const known: Bindings = { bound: new Set([...bindings.bound, ...own]), outer: bindings.outer };
  for (const literal of body) {
    for (const term of literalTerms(literal)) needAll(term, known, unsafe);
    for (const operand of operandsOf(literal)) useOperand(operand, known, unsafe);
  }
}

/** Every variable of the term must be bound already. */
function needAll(term: Term, bindings: Bindings, unsafe: Unsafe): void {
  visitTerm(
    term,
    (local) => {
      if (!bindings.bound.has(local.slot)) unsafe.push(local);
    },
    (inner) => visitTermDeep(inner, (local) => needOuter(local, bindings, unsafe)),
  );
}

export type Pair = readonly [Term, Term];

/** Unifies in mind: one side must be a value, or both are taken apart and their parts unified in any order. */
export function useUnify(left: Term, right: Term, bindings: Bindings): Unsafe {
  const forward = tryPair(left, right, bindings);
  if (forward.length === 0) return forward;
  const backward = tryPair(right, left, bindings);
  if (backward.length === 0) return backward;
  const parts = takeApart(left, right);
  if (parts === undefined) return forward.length <= backward.length ? forward : backward;
  let waiting = parts;
  let unsafe: Unsafe = [];
  for (;;) {
    unsafe = [];
    const still = waiting.filter(([a, b]) => {
      const missing = useUnify(a, b, bindings);
      unsafe.push(...missing);
      return missing.length > 0;
    });
    if (still.length === 0 || still.length === waiting.length) return unsafe;
    waiting = still;
  }
}

function tryPair(pattern: Term, value: Term, bindings: Bindings): Unsafe {
  const unsafe: Unsafe = [];
  const attempt = fork(bindings);
  useTerm(value, attempt, unsafe);
  if (unsafe.length === 0) bindTerm(pattern, attempt, unsafe);
  if (unsafe.length === 0) for (const slot of attempt.bound) bindings.bound.add(slot);
  return unsafe;
}

/** The parts of two arrays of one length, or of two objects with the same fixed keys. */
export function takeApart(left: Term, right: Term): readonly Pair[] | undefined {
  if (left.kind === 'array' && right.kind === 'array' && left.items.length === right.items.length) {
    return left.items.map((item, i): Pair => [item, right.items[i] as Term]);
  }
  if (left.kind !== 'object' || right.kind !== 'object') return undefined;
  if (left.entries.length !== right.entries.length) return undefined;
  const pairs: Pair[] = [];
  for (const [key, value] of left.entries) {
    if (key.kind !== 'scalar') return undefined;
    const other = right.entries.find(([k]) => k.kind === 'scalar' && k.value === key.value);
    if (other === undefined) return undefined;
    pairs.push([value, other[1]]);
  }
  return pairs;
}

/** The order in which a body's literals can be evaluated, and the variables of those that cannot. */
export function orderBody(
  body: Body,
  bindings: Bindings,
): { readonly ordered: readonly Literal[]; readonly unsafe: readonly Local[] } {
  const ordered: Literal[] = [];
  let waiting: readonly Literal[] = body;
  let unsafe: Local[] = [];
  while (waiting.length > 0) {
    unsafe = [];
    const still: Literal[] = [];
    for (const literal of waiting) {
      const attempt = fork(bindings);
      const missing = useLiteral(literal, attempt);
      if (missing.length > 0) {
        unsafe.push(...missing);
        still.push(literal);
      } else {
        for (const slot of attempt.bound) bindings.bound.add(slot);
        ordered.push(literal);
      }
    }
    if (still.length === waiting.length) break;
    waiting = still;
  }
  return { ordered, unsafe: waiting.length === 0 ? [] : unsafe };
}
