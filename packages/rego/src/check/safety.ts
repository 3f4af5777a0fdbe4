import type { Report } from '../diagnostic.ts';
import { type Bindings, bindTerm, fork, orderBody, useLiteral, useTerm } from './binding.ts';
import type { Body, Branch, Literal, Local, Term } from './resolved.ts';
import { ownVariables, visitTerm } from './variables.ts';

/** Puts every body of a branch into an order in which it can be evaluated; variables that nothing binds are reported. */
export function makeSafe(branch: Branch, report: Report): Branch {
  const safety = new Safety(report);
  const bindings: Bindings = { bound: new Set(), outer: new Set() };
  const unsafe: Local[] = [];
  for (const arg of branch.args) bindTerm(arg, bindings, unsafe);
  safety.reportUnsafe(unsafe);
  const outer = new Set([...ownVariables(branch.body), ...bindings.bound]);
  for (const term of [
    ...branch.keys,
    ...(branch.member === undefined ? [] : [branch.member]),
    branch.value,
  ]) {
    visitTerm(term, (local) => outer.add(local.slot));
  }
  const inside: Bindings = { bound: bindings.bound, outer };
  const body = safety.body(branch.body, inside);
  return {
    ...branch,
    body,
    keys: branch.keys.map((key) => safety.head(key, inside)),
    member: branch.member === undefined ? undefined : safety.head(branch.member, inside),
    value: safety.head(branch.value, inside),
  };
}

class Safety {
  readonly #report: Report;
  readonly #reported = new Set<number>();

  constructor(report: Report) {
    this.#report = report;
  }

  reportUnsafe(unsafe: readonly Local[]): void {
    for (const local of unsafe) {
      if (this.#reported.has(local.slot)) continue;
      this.#reported.add(local.slot);
      const help =
        local.name === '_'
          ? '`_` cannot stand here: bind a variable in a literal of its own'
          : `bind it with \`:=\` or \`some\`, outside of \`not\``;
      this.#report('rego_unsafe_var_error', `variable \`${local.name}\` is unsafe`, local.at, help);
    }
  }

  /** Orders the body, then the bodies inside its literals; `bindings` then hold all that the body binds. */
  body(body: Body, bindings: Bindings): Body {
    const { ordered, unsafe } = orderBody(body, fork(bindings));
    if (unsafe.length > 0) {
      this.reportUnsafe(unsafe);
      return body;
    }
    return ordered.map((literal) => {
      useLiteral(literal, bindings);
      return this.#literal(literal, fork(bindings));
    });
  }

  /** A term of the head, evaluated after the body. */
  head(term: Term, bindings: Bindings): Term {
    const unsafe: Local[] = [];
    useTerm(term, bindings, unsafe);
    this.reportUnsafe(unsafe);
    return this.#inner(term, fork(bindings));
  }

  #literal(literal: Literal, bindings: Bindings): Literal {
    const { expression } = literal;
    const withs = literal.withs.map((item) => ({ ...item, value: this.#inner(item.value, bindings) }));
    switch (expression.kind) {
      case 'term':
        return {
          ...literal,
          withs,
          expression: { ...expression, term: this.#inner(expression.term, bindings) },
        };
      case 'unify':
        return {
          ...literal,
          withs,
          expression: {
            ...expression,
            left: this.#inner(expression.left, bindings),
            right: this.#inner(expression.right, bindings),
          },
        };
      case 'some-in':
        return {
          ...literal,
          withs,
          expression: { ...expression, collection: this.#inner(expression.collection, bindings) },
        };
      case 'every': {
        const bound = new Set(bindings.bound).add(expression.value.slot);
        if (expression.key !== undefined) bound.add(expression.key.slot);
        const body = this.#closure(expression.body, { bound, outer: bindings.outer }, []).body;
        const domain = this.#inner(expression.domain, bindings);
        return { ...literal, withs, expression: { ...expression, domain, body } };
      }
      case 'logic': {
        const operands = expression.operands.map((operand) => ({
          ...operand,
          body: this.#closure(operand.body, fork(bindings), []).body,
        }));
        return { ...literal, withs, expression: { ...expression, operands } };
      }
    }
  }

  #closure(
    body: Body,
    bindings: Bindings,
    heads: readonly Term[],
  ): { readonly body: Body; readonly heads: readonly Term[] } {
    const outer = new Set([...bindings.outer, ...ownVariables(body)]);
    for (const head of heads) visitTerm(head, (local) => outer.add(local.slot));
    const inside: Bindings = { bound: new Set(bindings.bound), outer };
    const ordered = this.body(body, inside);
    return { body: ordered, heads: heads.map((head) => this.head(head, inside)) };
  }

  /** The same term with every comprehension in it made safe. */
  #inner(term: Term, bindings: Bindings): Term {
    switch (term.kind) {
      case 'scalar':
      case 'local':
        return term;
      case 'ref': {
        const root = typeof term.root === 'string' ? term.root : this.#inner(term.root, bindings);
        return { ...term, root, path: term.path.map((step) => this.#inner(step, bindings)) };
      }
      case 'array':
      case 'set':
        return { ...term, items: term.items.map((item) => this.#inner(item, bindings)) };
      case 'object':
        return {
          ...term,
          entries: term.entries.map(
            ([key, value]) => [this.#inner(key, bindings), this.#inner(value, bindings)] as const,
          ),
        };
      case 'call':
        return { ...term, args: term.args.map((arg) => this.#inner(arg, bindings)) };
      case 'comprehension': {
        const heads = term.key === undefined ? [term.item] : [term.key, term.item];
        const safe = this.#closure(term.body, bindings, heads);
        const [first = term.item, second] = safe.heads;
        return term.key === undefined
          ? { ...term, body: safe.body, item: first }
          : { ...term, body: safe.body, key: first, item: second ?? term.item };
      }
    }
  }
}
