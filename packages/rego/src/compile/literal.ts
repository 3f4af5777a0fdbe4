import type { Body, Expression, Literal, Local, Term } from '../check/resolved.ts';
import type { Frame, Step } from '../evaluate/context.ts';
import { isTrue, sizeOf } from '../value/value.ts';
import { forEachMember } from './lookup.ts';
import { inside, type Lowering, newSlot } from './lowering.ts';
import { matchTerm, unify } from './match.ts';
import { lowerWiths } from './with.ts';

/** Goes on once for each solution of the literals from `from` on, which are in an order that can be evaluated. */
export function lowerBody(body: Body, lowering: Lowering, then: () => Step, from = 0): Step {
  const literal = body[from];
  if (literal === undefined) return then();
  return lowerLiteral(literal, lowering, () => lowerBody(body, lowering, then, from + 1));
}

const SOLVED: Step = () => true;

function lowerLiteral(literal: Literal, lowering: Lowering, then: () => Step): Step {
  const evaluate = (next: () => Step): Step =>
    literal.negated
      ? lowerNegation(literal.expression, lowering, next)
      : lowerExpression(literal.expression, lowering, next);
  if (literal.withs.length === 0) return evaluate(then);
  return lowerWiths(literal.withs, lowering, evaluate, then);
}

function lowerNegation(expression: Expression, lowering: Lowering, then: () => Step): Step {
  const holds = lowerExpression(expression, inside(lowering), () => SOLVED);
  const next = then();
  return (frame) => !holds(frame) && next(frame);
}

function lowerExpression(expression: Expression, lowering: Lowering, then: () => Step): Step {
  switch (expression.kind) {
    case 'term':
      return lowerCondition(expression.term, lowering, then);
    case 'unify':
      return unify(expression.left, expression.right, lowering, then);
    case 'some-in':
      return lowerSomeIn(expression, lowering, then);
    case 'every':
      return lowerEvery(expression, lowering, then);
    case 'logic':
      return lowerLogic(expression, lowering, then);
  }
}

function lowerLogic(
  { operator, operands }: Extract<Expression, { kind: 'logic' }>,
  lowering: Lowering,
  then: () => Step,
): Step {
  const holds = operands.map(({ body }) => lowerBody(body, inside(lowering), () => SOLVED));
  const next = then();
  switch (operator) {
    case 'and':
      return (frame) => holds.every((step) => step(frame)) && next(frame);
    case 'or':
      return (frame) => holds.some((step) => step(frame)) && next(frame);
    case 'not':
      return (frame) => !holds.some((step) => step(frame)) && next(frame);
  }
}

function lowerCondition(term: Term, lowering: Lowering, then: () => Step): Step {
  return lowering.compiler.lower(term, lowering, (value) => {
    const next = then();
    return (frame) => isTrue(value(frame)) && next(frame);
  });
}

function lowerSomeIn(
  expression: Extract<Expression, { kind: 'some-in' }>,
  lowering: Lowering,
  then: () => Step,
): Step {
  return lowering.compiler.lower(expression.collection, lowering, (collection) => {
    const keySlot = newSlot(lowering);
    const memberSlot = newSlot(lowering);
    const matchValue = (): Step =>
      matchTerm(expression.value, (frame) => frame.slots[memberSlot], lowering, then);
    const next =
      expression.key === undefined
        ? matchValue()
        : matchTerm(expression.key, (frame) => frame.slots[keySlot], lowering, matchValue);
    return (frame) => {
      const found = collection(frame);
      if (found === undefined) return false;
      const { slots } = frame;
      return forEachMember(found, frame.context.run.meter, (key, member) => {
        slots[keySlot] = key;
        slots[memberSlot] = member;
        return next(frame);
      });
    };
  });
}

function lowerEvery(
  expression: Extract<Expression, { kind: 'every' }>,
  lowering: Lowering,
  then: () => Step,
): Step {
  return lowering.compiler.lower(expression.domain, lowering, (domain) => {
    const inner = inside(lowering);
    inner.bindings.bound.add(expression.value.slot);
    if (expression.key !== undefined) inner.bindings.bound.add(expression.key.slot);
    const holds = lowerBody(expression.body, inner, () => SOLVED);
    const next = then();
    const fails = (frame: Frame, key: Local | undefined, value: Local): boolean => {
      const found = domain(frame);
      if (found === undefined || sizeOf(found) === undefined) return true;
      const { slots } = frame;
      return forEachMember(found, frame.context.run.meter, (memberKey, member) => {
        if (key !== undefined) slots[key.slot] = memberKey;
        slots[value.slot] = member;
        return !holds(frame);
      });
    };
    return (frame) => !fails(frame, expression.key, expression.value) && next(frame);
  });
}
