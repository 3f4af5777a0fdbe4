import { ANY_TYPE, maskText, TYPE_BITS, type TypeMask } from '../builtins/builtin.ts';
import type { Report } from '../diagnostic.ts';
import { typeName } from '../value/value.ts';
import type { Body, Branch, CallTerm, Term } from './resolved.ts';
import { bodiesOf, expressionTerms } from './variables.ts';

/** Reports calls with the wrong number of arguments, or with arguments whose type can never fit. */
export function checkTypes(branch: Branch, report: Report): void {
  const checker = new TypeChecker(report);
  checker.body(branch.body);
  for (const key of branch.keys) checker.term(key);
  if (branch.member !== undefined) checker.term(branch.member);
  checker.term(branch.value);
}

class TypeChecker {
  readonly #report: Report;
  #locals = new Map<number, TypeMask>();

  constructor(report: Report) {
    this.#report = report;
  }

  body(body: Body): void {
    for (const literal of body) {
      const { expression } = literal;
      for (const item of literal.withs) this.term(item.value);
      const masks = expressionTerms(expression).map((term) => this.term(term));
      if (expression.kind === 'unify') this.#unify(expression.left, expression.right, masks);
      for (const inner of bodiesOf(expression)) this.#inside(inner);
    }
  }

  /** What a body inside finds out about types holds only in it. */
  #inside(body: Body): void {
    const known = new Map(this.#locals);
    this.body(body);
    this.#locals = known;
  }

  #unify(left: Term, right: Term, masks: readonly TypeMask[]): void {
    const common = (masks[0] ?? ANY_TYPE) & (masks[1] ?? ANY_TYPE);
    if (common === 0) {
      const [a = 0, b = 0] = masks;
      this.#report('rego_type_error', `a ${maskText(a)} can never be a ${maskText(b)}`, left.at);
      return;
    }
    for (const side of [left, right]) {
      if (side.kind === 'local') this.#locals.set(side.local.slot, common);
    }
  }

  /** The types that a term can have. */
  term(term: Term): TypeMask {
    switch (term.kind) {
      case 'scalar':
        return TYPE_BITS[typeName(term.value)];
      case 'local':
        return this.#locals.get(term.local.slot) ?? ANY_TYPE;
      case 'ref':
        if (typeof term.root !== 'string') this.term(term.root);
        for (const step of term.path) this.term(step);
        return ANY_TYPE;
      case 'array':
      case 'set':
        for (const item of term.items) this.term(item);
        return TYPE_BITS[term.kind];
      case 'object':
        for (const [key, value] of term.entries) {
          this.term(key);
          this.term(value);
        }
        return TYPE_BITS.object;
      case 'comprehension':
        this.body(term.body);
        if (term.key !== undefined) this.term(term.key);
        this.term(term.item);
        return TYPE_BITS[term.result];
      case 'call':
        return this.#call(term);
    }
  }

  #call(call: CallTerm): TypeMask {
    const given = call.args.map((arg) => this.term(arg));
    const { callee } = call;
    if (callee.kind === 'unknown') return ANY_TYPE;
    if (callee.kind === 'builtin' && callee.builtin.variadic === true) return callee.builtin.result;
    const wanted = callee.kind === 'builtin' ? callee.builtin.args : undefined;
    const count = callee.kind === 'builtin' ? callee.builtin.args.length : callee.group.arity;
    const name = callee.kind === 'builtin' ? callee.builtin.name : callee.group.path.join('.');
    if (given.length !== count && given.length !== count + 1) {
      this.#report(
        'rego_type_error',
        `\`${name}\` takes ${count} ${count === 1 ? 'argument' : 'arguments'}, found ${given.length}`,
        call.at,
      );
      return ANY_TYPE;
    }
    for (const [i, mask] of wanted?.entries() ?? []) {
      const found = given[i] ?? ANY_TYPE;
      if ((found & mask) === 0) {
        const argument = call.args[i] ?? call;
        this.#report(
          'rego_type_error',
          `\`${name}\`: argument ${i + 1} must be ${maskText(mask)}, found ${maskText(found)}`,
          argument.at,
        );
      }
    }
    if (callee.kind === 'builtin') {
      const literals = call.args.map((arg) => (arg.kind === 'scalar' ? arg.value : undefined));
      const refusal = callee.builtin.refuse?.(literals);
      if (refusal !== undefined) this.#report('rego_type_error', `\`${name}\`: ${refusal}`, call.at);
    }
    if (given.length > count) return TYPE_BITS.boolean;
    return callee.kind === 'builtin' ? callee.builtin.result : ANY_TYPE;
  }
}
