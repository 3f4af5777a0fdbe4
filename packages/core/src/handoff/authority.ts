import { decide } from '../decide.ts';
import type { DecisionInput } from '../decide/input.ts';
import { strictest } from '../decide/layers.ts';
import type { Decision } from '../model/decision.ts';
import type { Reason } from '../model/reason.ts';
import type { CompiledPolicy } from '../policy/compile.ts';

/**
 * Decides a call for its agent, and for each one on whose behalf it acts, as if that one made the call in its own
 * session: the strictest word counts, and every obligation.
 *
 * INVARIANT: what is denied to one of a chain is denied to all behind whom it stands; authority never grows.
 */
export function decideOnBehalf(
  policy: CompiledPolicy,
  own: DecisionInput,
  delegators: readonly DecisionInput[],
): Decision {
  const decision = decide(policy, own);
  if (delegators.length === 0) return decision;
  const all = [decision, ...delegators.map((input) => named(input, decide(policy, input)))];
  return strictest(all) ?? decision;
}

/** What is said of a call because of another agent says of which. */
function named({ request }: DecisionInput, decision: Decision): Decision {
  if (decision.effect === 'allow') return decision;
  const { agent } = request.subject;
  const [first, ...others] = decision.reasons.map(
    (reason): Reason => ({
      ...reason,
      message: `on behalf of \`${agent}\`: ${reason.message}`,
      onBehalfOf: agent,
    }),
  );
  return first === undefined ? decision : { ...decision, reasons: [first, ...others] };
}
