import type { Reason } from '../model/reason.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { quote } from '../policy/quote.ts';
import type { CompiledSequence } from '../sequence/sequence.ts';
import type { Deed } from '../session/snapshot.ts';
import type { DecisionInput } from './input.ts';

/** Why a call must not come after what was done before it. */
export function checkSequences(
  { sequences }: CompiledPolicy,
  input: DecisionInput,
  only: 'invariants' | 'all',
): Reason | undefined {
  for (const compiled of sequences) {
    const { action, invariant, name } = compiled.sequence;
    if (action !== 'deny' || (only === 'invariants' && !invariant)) continue;
    const before = earlier(compiled, input);
    if (before === undefined) continue;
    return {
      code: 'POLICY_DENY',
      phase: 'rules',
      rule: name,
      message: text(compiled, before),
      remedy: 'do this in another session, which has not done that before',
    };
  }
  return undefined;
}

/** What asks for a person because of what was done before. */
export function sequencesThatAsk(
  { sequences }: CompiledPolicy,
  input: DecisionInput,
  only: 'invariants' | 'all',
): readonly Reason[] {
  return sequences.flatMap((compiled): readonly Reason[] => {
    const { action, invariant } = compiled.sequence;
    if (action !== 'require_approval' || (only === 'invariants' && !invariant)) return [];
    const before = earlier(compiled, input);
    if (before === undefined) return [];
    return [
      {
        code: 'APPROVAL_REQUIRED',
        phase: 'approval',
        rule: compiled.sequence.name,
        message: `${text(compiled, before)}, and that asks for a person's approval`,
        remedy: 'ask for approval, or do this in another session',
      },
    ];
  });
}

function earlier(
  { sequence, first, next }: CompiledSequence,
  { request, facts, snapshot }: DecisionInput,
): Deed | undefined {
  const { server, name } = request.resource;
  if (!next({ server, name, capabilities: facts.capabilities })) return undefined;
  const { withinMs = Number.POSITIVE_INFINITY, withinSteps = Number.POSITIVE_INFINITY } = sequence;
  return snapshot.deeds.find(
    (deed) =>
      request.nowMs - deed.atMs <= withinMs && snapshot.steps - deed.step < withinSteps && first(deed),
  );
}

function text({ sequence }: CompiledSequence, { server, name, several }: Deed): string {
  const before =
    several === true ? 'what the session could have done long ago' : `${quote(name)} on ${quote(server)}`;
  return `${quote(sequence.name)}: this must not come after ${before}`;
}
