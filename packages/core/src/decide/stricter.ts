import type { Decision } from '../model/decision.ts';
import type { Reason } from '../model/reason.ts';

/**
 * The decision with a person to be asked for these reasons as well; without any, as it is. What allowed it is no
 * reason to ask; the marks and notes behind it stay.
 */
export function askedFor(decision: Decision, reasons: readonly Reason[]): Decision {
  const [first, ...others] = reasons;
  if (first === undefined) return decision;
  return {
    ...decision,
    effect: 'require_approval',
    reasons:
      decision.effect === 'require_approval'
        ? [...decision.reasons, ...reasons]
        : [first, ...others, ...decision.reasons.slice(1)],
  };
}

/** What is only said of a call, and takes no part in the decision. */
export function notesOf({ reasons }: Decision): readonly Reason[] {
  return reasons.filter(({ inShadow }) => inShadow === true);
}

/** Those that some reasons do not say already. */
export function notAmong(said: readonly Reason[], reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(
    ({ code, rule, message }) =>
      !said.some((one) => one.code === code && one.rule === rule && one.message === message),
  );
}
