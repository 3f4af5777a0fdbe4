import type { Body, Expression, Literal, Local, Operand, Term } from './resolved.ts';

/** Calls `visit` for each variable of a term outside comprehensions, and `enter` for each comprehension. */
export function visitTerm(
  term: Term,
  visit: (local: Local) => void,
  enter?: (inner: Extract<Term, { kind: 'comprehension' }>) => void,
): void {
  switch (term.kind) {
    case 'scalar':
      return;
    case 'local':
      visit(term.local);
      return;
    case 'ref':
      if (typeof term.root !== 'string') visitTerm(term.root, visit, enter);
      for (const step of term.path) visitTerm(step, visit, enter);
      return;
    case 'array':
    case 'set':
      for (const item of term.items) visitTerm(item, visit, enter);
      return;
    case 'object':
      for (const [key, value] of term.entries) {
        visitTerm(key, visit, enter);
        visitTerm(value, visit, enter);
      }
      return;
    case 'call':
      for (const arg of term.args) visitTerm(arg, visit, enter);
      return;
    case 'comprehension':
      enter?.(term);
  }
}

/** The terms that an expression has outside the body of an `every`. */
export function expressionTerms(expression: Expression): readonly Term[] {
  switch (expression.kind) {
    case 'term':
      return [expression.term];
    case 'unify':
      return [expression.left, expression.right];
    case 'some-in':
      return expression.key === undefined
        ? [expression.value, expression.collection]
        : [expression.key, expression.value, expression.collection];
    case 'every':
      return [expression.domain];
    case 'logic':
      return [];
  }
}

/** The bodies that stand inside an expression. */
export function bodiesOf(expression: Expression): readonly Body[] {
  switch (expression.kind) {
    case 'every':
      return [expression.body];
    case 'logic':
      return expression.operands.map((operand) => operand.body);
    default:
      return [];
  }
}

export function literalTerms(literal: Literal): readonly Term[] {
  return [...expressionTerms(literal.expression), ...literal.withs.map((item) => item.value)];
}

export function operandsOf({ expression }: Literal): readonly Operand[] {
  return expression.kind === 'logic' ? expression.operands : [];
}

/** The variables that the literals of a body mention themselves, not those of bodies inside. */
export function ownVariables(body: Body): Set<number> {
  const slots = new Set<number>();
  for (const literal of body) {
    for (const term of literalTerms(literal)) visitTerm(term, (local) => slots.add(local.slot));
    for (const { body: operand, isExplicit } of operandsOf(literal)) {
      if (!isExplicit) for (const slot of ownVariables(operand)) slots.add(slot);
    }
  }
  return slots;
}

/** Every variable that a body mentions, bodies inside included. */
export function visitBodyDeep(body: Body, visit: (local: Local) => void): void {
  for (const literal of body) {
    for (const term of literalTerms(literal)) visitTermDeep(term, visit);
    for (const inner of bodiesOf(literal.expression)) visitBodyDeep(inner, visit);
  }
}

export function visitTermDeep(term: Term, visit: (local: Local) => void): void {
  visitTerm(term, visit, (inner) => {
    if (inner.key !== undefined) visitTermDeep(inner.key, visit);
    visitTermDeep(inner.item, visit);
    visitBodyDeep(inner.body, visit);
  });
}
