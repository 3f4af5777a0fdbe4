import { decide } from '../decide.ts';
import type { Position } from '../diagnostic.ts';
import type { Decision, DecisionEffect, Mode } from '../model/decision.ts';
import { PHASES, type Phase } from '../model/reason.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { CompiledRule } from '../policy/compiled-rule.ts';
import { EvaluationFault } from '../policy/evaluation-fault.ts';
import { either, foundText, wantedText } from '../policy/wording.ts';
import { quote } from '../policy/quote.ts';
import { wallText, windowText } from '../policy/time-window.ts';
import type { DecisionInput } from './input.ts';
import { type LayerVoice, voicesOf } from './layers.ts';
import { passedText } from './passed-text.ts';

/** `asked`: a person's approval is needed. */
export type PhaseOutcome = 'passed' | 'denied' | 'asked' | 'not_reached';

export interface PhaseLine {
  readonly phase: Phase;
  readonly outcome: PhaseOutcome;
  readonly why: string;
}

/** One rule as it met the call. */
export interface RuleLine {
  readonly rule: string;
  readonly at: Position;
  readonly outcome: 'matched' | 'passed_over' | 'failed';
  /** Which condition did not hold and what it met; what failed; empty for a match. */
  readonly why: string;
}

/** Why a decision is what it is. */
export interface Explanation {
  readonly decision: Decision;
  readonly phases: readonly PhaseLine[];
  /** Every invariant. */
  readonly invariants: readonly RuleLine[];
  /** The rules in order, as far as the first one in force that matched, which is the last line; of each layer so. */
  readonly rules: readonly RuleLine[];
  /** The rule in force that matched and decided or would have, even where an earlier phase denied. */
  readonly winner?: string;
  /** What the policy itself and each layer that is about the caller say; absent where there are no layers. */
  readonly layers?: readonly LayerLine[];
}

/** What the rules of one layer say of a call. */
export interface LayerLine {
  /** Absent for the policy itself. */
  readonly layer?: string;
  readonly mode: Mode;
  readonly says: DecisionEffect | 'nothing';
  readonly rule?: string;
}

/** Explains the decision that `decide` makes: the decision in it is `decide`'s own. */
export function explain(policy: CompiledPolicy, input: DecisionInput): Explanation {
  const decision = decide(policy, input);
  const met = voicesOf(policy, input).map((voice) => meetInOrder(voice, input));
  const winners = met.flatMap(({ winner: own, voice }) => (own === undefined || voice.shadow ? [] : [own]));
  const winner = winners.find(({ rule }) => rule.name === decision.rule) ?? winners[0];
  const invariants = met.flatMap(({ voice }) => voice.policy.compiled.filter(({ rule }) => rule.invariant));
  return {
    decision,
    phases: phaseLines(policy, input, decision, winner),
    invariants: invariants.map((rule) => meet(rule, input)),
    rules: met.flatMap(({ rules }) => rules),
    ...(winner === undefined ? {} : { winner: winner.rule.name }),
    ...(policy.layers.length === 0 ? {} : { layers: met.map(layerLine) }),
  };
}

interface MetVoice {
  readonly voice: LayerVoice;
  readonly rules: readonly RuleLine[];
  readonly winner: CompiledRule | undefined;
}

function meetInOrder(voice: LayerVoice, input: DecisionInput): MetVoice {
  const rules: RuleLine[] = [];
  for (const rule of voice.policy.compiled) {
    if (rule.rule.invariant) continue;
    const line = meet(rule, input);
    rules.push(line);
    if (rule.rule.mode === 'shadow' || line.outcome === 'passed_over') continue;
    return { voice, rules, winner: line.outcome === 'matched' ? rule : undefined };
  }
  return { voice, rules, winner: undefined };
}

function layerLine({ voice: { layer, shadow }, winner, rules }: MetVoice): LayerLine {
  const failed = winner === undefined && rules.at(-1)?.outcome === 'failed';
  return {
    ...(layer === undefined ? {} : { layer }),
    mode: shadow ? 'shadow' : 'enforce',
    says: failed ? 'deny' : winner === undefined ? 'nothing' : winner.verdict.decision.effect,
    ...(winner === undefined ? {} : { rule: winner.rule.name }),
  };
}

function meet({ rule, method, conditions, open, expression }: CompiledRule, input: DecisionInput): RuleLine {
  const line = (outcome: RuleLine['outcome'], why: string): RuleLine => ({
    rule: rule.name,
    at: rule.at,
    outcome,
    why,
  });
  try {
    if (!method(input)) {
      return line(
        'passed_over',
        `the method is ${quote(input.request.action.method)}, not ${quote(rule.match)}`,
      );
    }
    if (open?.(input) === false) {
      const now = quote(wallText(rule.time[0]?.zone ?? 'UTC', input.request.nowMs));
      return line('passed_over', `it is ${now}; the rule asks for ${either(rule.time.map(windowText))}`);
    }
    const unmet = conditions.find(({ holds }) => !holds(input))?.condition;
    if (unmet === undefined) {
      if (rule.condition === undefined || expression?.(input) === true) return line('matched', '');
      return line('passed_over', `the condition ${quote(rule.condition.text)} does not hold`);
    }
    return line(
      'passed_over',
      `${quote(unmet.key)} is ${foundText(unmet, input)}; the rule asks for ${wantedText(unmet)}`,
    );
  } catch (error) {
    return line('failed', error instanceof EvaluationFault ? error.message : 'the call could not be judged');
  }
}

function phaseLines(
  policy: CompiledPolicy,
  input: DecisionInput,
  decision: Decision,
  winner: CompiledRule | undefined,
): PhaseLine[] {
  const [reason] = decision.reasons;
  const last =
    decision.effect === 'deny' ? PHASES.findIndex((phase) => phase === reason.phase) : PHASES.length;
  return PHASES.map((phase, index): PhaseLine => {
    if (index > last) return { phase, outcome: 'not_reached', why: '' };
    if (index === last) return { phase, outcome: 'denied', why: reason.message };
    if (phase === 'approval' && decision.effect === 'require_approval') {
      return { phase, outcome: 'asked', why: reason.message };
    }
    return { phase, outcome: 'passed', why: passedText(phase, policy, input, decision, winner) };
  });
}
