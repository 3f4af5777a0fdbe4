import type { Bindings } from '../check/binding.ts';
import type { Body, DocumentNode, RuleGroup, Term } from '../check/resolved.ts';
import type { Context, Getter, Step } from '../evaluate/context.ts';
import type { Value } from '../value/value.ts';

/** Rules once compiled; asked for by reference, so that rules may be compiled in any order. */
export interface Documents {
  readonly root: DocumentNode;
  /** The functions that any `with` replaces, by `calleeKey`. */
  readonly replaced: ReadonlySet<string>;
  valueOf(group: RuleGroup, context: Context): Value | undefined;
  call(group: RuleGroup, args: readonly Value[], context: Context): Value | undefined;
  /** Everything at and below a node, base documents merged in. */
  extent(node: DocumentNode, path: readonly string[], context: Context): Value | undefined;
}

/**
 * The four ways to compile, tied together so that terms, references, patterns and bodies may contain each other.
 * A continuation (`then`) is compiled after what stands before it, because that is what binds its variables.
 */
export interface Compiler {
  /** The value of a term whose variables are all bound. */
  getter(term: Term, lowering: Lowering): Getter;
  /** Goes on once for each value that a term can have; the getter given on is read at most once per value. */
  lower(term: Term, lowering: Lowering, then: (value: Getter) => Step): Step;
  /** Goes on when a value fits a pattern, whose unbound variables it binds. */
  match(pattern: Term, value: Getter, lowering: Lowering, then: () => Step): Step;
  /** Goes on once for each solution of a body. */
  body(body: Body, lowering: Lowering, then: () => Step): Step;
}

/** The state of compiling one branch: which variables are bound by now, and the shape of the frame. */
export interface Lowering {
  readonly compiler: Compiler;
  readonly documents: Documents;
  readonly layout: { slots: number; cells: number };
  readonly bindings: Bindings;
}

/** For a body inside: what it binds is not seen outside. */
export function inside(lowering: Lowering): Lowering {
  const { bound, outer } = lowering.bindings;
  return { ...lowering, bindings: { bound: new Set(bound), outer } };
}

export function newSlot(lowering: Lowering): number {
  return lowering.layout.slots++;
}

export function newCell(lowering: Lowering): number {
  return lowering.layout.cells++;
}

/**
 * True when a term can have several values: it mentions a variable that is not bound yet, so that evaluating it
 * means trying values, or it calls a relation.
 */
export function iterates(term: Term, lowering: Lowering): boolean {
  const any = (terms: readonly Term[]): boolean => terms.some((item) => iterates(item, lowering));
  switch (term.kind) {
    case 'scalar':
    case 'comprehension':
      return false;
    case 'local':
      return !lowering.bindings.bound.has(term.local.slot);
    case 'ref':
      return (typeof term.root !== 'string' && iterates(term.root, lowering)) || any(term.path);
    case 'array':
    case 'set':
      return any(term.items);
    case 'object':
      return term.entries.some(any);
    case 'call': {
      const { callee } = term;
      return (callee.kind === 'builtin' && callee.builtin.isRelation === true) || any(term.args);
    }
  }
}
