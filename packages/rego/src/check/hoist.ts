import type { Position } from '../diagnostic.ts';
import type { Expression, Literal, Local, Term } from './resolved.ts';

/**
 * Takes apart a literal under `not` as OPA does: what stands inside a call's arguments is evaluated before the
 * negation, not under it. So `not startswith(input.x, "a")` does not hold when `input.x` is undefined, while
 * `not input.x == "a"` does; and a call inside a call may iterate.
 */
export function hoist(literal: Literal, allocate: (at: Position) => Local): readonly Literal[] {
  const hoister = new Hoister(literal, allocate);
  const expression = hoister.expression(literal.expression);
  return [...hoister.hoisted, { ...literal, expression }];
}

/** The slot of the variable that a literal taken out of a negation binds. */
export function hoistedSlot(expression: Expression): number {
  return expression.kind === 'unify' && expression.left.kind === 'local' ? expression.left.local.slot : -1;
}

class Hoister {
  readonly hoisted: Literal[] = [];
  readonly #literal: Literal;
  readonly #allocate: (at: Position) => Local;

  constructor(literal: Literal, allocate: (at: Position) => Local) {
    this.#literal = literal;
    this.#allocate = allocate;
  }

  expression(expression: Expression): Expression {
    switch (expression.kind) {
      case 'term':
        return { ...expression, term: this.#statement(expression.term) };
      case 'unify':
        return { ...expression, left: this.#side(expression.left), right: this.#side(expression.right) };
      case 'some-in':
      case 'every':
      case 'logic':
        return expression;
    }
  }

  #statement(term: Term): Term {
    if (term.kind !== 'call') return this.#side(term);
    const { callee } = term;
    const isEquality = callee.kind === 'builtin' && callee.builtin.name === 'equal' && term.args.length === 2;
    const args = term.args.map((arg) => (isEquality ? this.#side(arg) : this.#inner(arg)));
    return { ...term, args };
  }

  /** A side of an equation: a reference stays, what is inside it does not. */
  #side(term: Term): Term {
    switch (term.kind) {
      case 'ref': {
        const root = typeof term.root === 'string' ? term.root : this.#inner(term.root);
        return { ...term, root, path: term.path.map((step) => this.#inner(step)) };
      }
      case 'comprehension':
        return term;
      default:
        return this.#inner(term);
    }
  }

  #inner(term: Term): Term {
    switch (term.kind) {
      case 'scalar':
      case 'local':
        return term;
      case 'array':
      case 'set':
        return { ...term, items: term.items.map((item) => this.#inner(item)) };
      case 'object':
        return {
          ...term,
          entries: term.entries.map(([key, value]) => [this.#inner(key), this.#inner(value)] as const),
        };
      case 'ref':
      case 'call':
      case 'comprehension': {
        const local = this.#allocate(term.at);
        const left: Term = { kind: 'local', local, at: term.at };
        const { withs, at } = this.#literal;
        const literal: Literal = {
          expression: { kind: 'unify', left, right: this.#nested(term) },
          negated: false,
          withs,
          at,
        };
        this.hoisted.push(term.kind === 'ref' ? { ...literal, isClosed: true } : literal);
        return left;
      }
    }
  }

  /** Calls inside a reference come before it, and may bind what the reference may not. */
  #nested(term: Term): Term {
    if (term.kind !== 'ref') return term;
    const root = typeof term.root === 'string' ? term.root : this.#inner(term.root);
    return {
      ...term,
      root,
      path: term.path.map((step) => (step.kind === 'call' ? this.#inner(step) : step)),
    };
  }
}
