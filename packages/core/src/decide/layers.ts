import type { Decision } from '../model/decision.ts';
import type { Reason } from '../model/reason.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { EvaluationFault } from '../policy/evaluation-fault.ts';
import { bothObligations } from '../policy/obligations.ts';
import type { DecisionInput } from './input.ts';
import { findWinner, shadowNote } from './rules-phase.ts';
import { secondOpinion } from './second-opinion.ts';
import { notAmong, notesOf } from './stricter.ts';

/** Decides by one policy as if it had no layers. */
export type DecideAlone = (policy: CompiledPolicy, input: DecisionInput) => Decision;

/** What a layer has to do with a call. `own` is the policy that the layers are over. */
export interface LayerVoice {
  /** Undefined for the policy itself. */
  readonly layer: string | undefined;
  readonly policy: CompiledPolicy;
  /** In shadow what it says does not count, but for invariants. */
  readonly shadow: boolean;
}

/** The policy itself and the layers that are about the caller, in the order of their names. */
export function voicesOf(policy: CompiledPolicy, { request }: DecisionInput): readonly LayerVoice[] {
  return [
    { layer: undefined, policy, shadow: false },
    ...policy.layers
      .filter(({ applies }) => applies(request.subject))
      .map(({ name, policy: own, mode }) => ({ layer: name, policy: own, shadow: mode === 'shadow' })),
  ];
}

/** Whether a layer says anything about a call: one of its rules matches, or cannot be evaluated. */
export function speaks({ policy }: LayerVoice, input: DecisionInput): boolean {
  try {
    return findWinner(policy, input) !== undefined;
  } catch (error) {
    if (!(error instanceof EvaluationFault)) throw error;
    return true;
  }
}

/**
 * The strictest of what the policy and its layers say. A layer that says nothing passes; where none speaks, it is as
 * if there were no layers: the call is denied.
 *
 * INVARIANT: what one that speaks denies, or asks a person about, no other one loosens.
 */
export function decideByLayers(policy: CompiledPolicy, input: DecisionInput, alone: DecideAlone): Decision {
  const voices = voicesOf(policy, input);
  const speaking = voices.filter((voice) => !voice.shadow && speaks(voice, input));
  const said = speaking.map((voice) => alone(voice.policy, input));
  const combined = strictest(said) ?? alone(policy, input);
  // Where the policy itself spoke, or nobody did, its modules were asked.
  const ownSpoke = said.length === 0 || speaking.some(({ layer }) => layer === undefined);
  // Of a policy in shadow the modules are in shadow: they say nothing of what an invariant binds all the same.
  const open = ownSpoke || combined.mode !== policy.settings.mode;
  const decision = open ? combined : secondOpinion(policy, input, combined);
  const silent = voices.filter((voice) => !voice.shadow && !speaking.includes(voice));
  const notes = [
    ...(said.length === 0 ? silent.slice(1) : silent).flatMap(
      (voice) => shadowNote(voice.policy, input, undefined) ?? [],
    ),
    ...voices
      .filter((voice) => voice.shadow && speaks(voice, input))
      .map((voice) => wouldBe(voice, input, alone)),
  ];
  return notes.length === 0 ? decision : { ...decision, reasons: [...decision.reasons, ...notes] };
}

const RANK = { allow: 0, require_approval: 1, deny: 2 } as const;

/** The strictest of several decisions, with the obligations of all. Of a policy in shadow what binds all the same (an invariant) comes before what would. */
export function strictest(decisions: readonly Decision[]): Decision | undefined {
  const binding = decisions.filter(({ effect, mode }) => mode === 'enforce' && effect !== 'allow');
  const counted = binding.length > 0 ? binding : decisions;
  const [first, ...others] = counted.toSorted((a, b) => RANK[b.effect] - RANK[a.effect]);
  if (first === undefined) return undefined;
  const same = others.filter(({ effect }) => effect === first.effect);
  const approvers = [first, ...same].flatMap((one) => one.approvers ?? []);
  const obligations = decisions.map((one) => one.obligations).reduce(bothObligations);
  return {
    ...first,
    reasons: [
      ...first.reasons,
      ...notAmong(first.reasons, [
        ...same.flatMap(({ reasons }) => reasons),
        ...decisions.filter(({ effect }) => effect !== first.effect).flatMap(notesOf),
      ]),
    ],
    obligations,
    ...(approvers.length === 0 ? {} : { approvers }),
    audit: decisions.some(({ audit }) => audit),
  };
}

function wouldBe({ layer, policy }: LayerVoice, input: DecisionInput, alone: DecideAlone): Reason {
  const { effect, reasons } = alone(policy, input);
  const [reason] = reasons;
  const what = `in shadow, not in force: the layer \`${layer}\` would ${WOULD[effect]}: ${reason.message}`;
  return { ...reason, message: what, inShadow: true };
}

const WOULD = { allow: 'allow it', require_approval: 'ask a person', deny: 'deny it' } as const;
