import { bindAgent } from './decide/agent-phase.ts';
import {
  checkFindings,
  deniesByFinding,
  faultReason,
  type Held,
  matchInvariants,
} from './decide/guards-phase.ts';
import { type DecisionInput, toolOf } from './decide/input.ts';
import { decideByLayers } from './decide/layers.ts';
import { bindLimits, checkLimits } from './decide/limits-phase.ts';
import { killedReason } from './decide/killed.ts';
import { checkSequences, sequencesThatAsk } from './decide/sequence-phase.ts';
import { checkManifest } from './decide/manifest-phase.ts';
import { bindTaint, checkTaint } from './decide/taint-phase.ts';
import { bindThreat, checkThreat } from './decide/threat-phase.ts';
import { checkPreconditions, checkRuleReceipts } from './decide/preconditions-phase.ts';
import { secondOpinion } from './decide/second-opinion.ts';
import { notAmong } from './decide/stricter.ts';
import {
  defaultDenial,
  findWinner,
  riskApproval,
  riskDenial,
  riskUnder,
  shadowNote,
} from './decide/rules-phase.ts';
import type { Decision, Mode } from './model/decision.ts';
import { needsNoRule } from './model/method.ts';
import type { Reason } from './model/reason.ts';
import type { CompiledPolicy } from './policy/compile.ts';
import type { CompiledRule } from './policy/compiled-rule.ts';
import { EvaluationFault } from './policy/evaluation-fault.ts';
import { withObligations } from './policy/obligations.ts';

/**
 * The policy decision point: pure, synchronous, in fixed phases of which the first denial is the
 * last. Never throws: an error inside is a denial with `INTERNAL_ERROR`, in force even in shadow.
 *
 * A policy in shadow answers with what it would have decided and `mode: 'shadow'`, and with the
 * obligations that are in force all the same. Invariants are in force in every mode: a denial, a
 * request for approval or a missing receipt of theirs is answered with `mode: 'enforce'`.
 */
export function decide(policy: CompiledPolicy, input: DecisionInput): Decision {
  if (input.killed !== undefined) return refusal(policy, killedReason(input.killed), 'enforce');
  try {
    return policy.layers.length === 0
      ? decideAlone(policy, input)
      : decideByLayers(policy, input, decideAlone);
  } catch {
    return refusal(policy, FAILED, 'enforce');
  }
}

function decideAlone(policy: CompiledPolicy, input: DecisionInput): Decision {
  return policy.settings.mode === 'enforce' ? judge(policy, input) : judgeInShadow(policy, input);
}

const FAILED: Reason = Object.freeze({
  code: 'INTERNAL_ERROR',
  phase: 'enforce',
  message: 'the call could not be judged',
  remedy: 'report this to the owner of the policy',
});

function judge(policy: CompiledPolicy, input: DecisionInput): Decision {
  try {
    return judgeByPhase(policy, input);
  } catch (error) {
    if (!(error instanceof EvaluationFault)) throw error;
    return refusal(policy, faultReason(error, 'rules'));
  }
}

function judgeByPhase(policy: CompiledPolicy, input: DecisionInput): Decision {
  const undeclared = checkManifest(input);
  if (undeclared !== undefined) return refusal(policy, undeclared);
  const overLimit = checkLimits(policy, input);
  if (overLimit !== undefined) {
    // That the session has ended is a fact of the protocol and not a matter of policy.
    return refusal(
      policy,
      overLimit,
      overLimit.code === 'PROTOCOL_VIOLATION' ? 'enforce' : policy.settings.mode,
    );
  }
  if (deniesByFinding(input)) {
    const finding = checkFindings(input, findWinner(policy, input));
    if (finding !== undefined) return refusal(policy, finding);
  }
  const held = matchInvariants(policy, input);
  if (held.denial !== undefined) return marked(refusal(policy, held.denial, 'enforce'), held.audit);
  const decision = bindLimits(bindAgent(judgeContent(policy, input, held), input), policy, input);
  return marked(secondOpinion(policy, input, decision), held.audit);
}

/** What the settings of the guards say of the content, around what the rules say. */
function judgeContent(policy: CompiledPolicy, input: DecisionInput, held: Held): Decision {
  if (!policy.guardsCalls) return judgeTaint(policy, input, held);
  const winner = () => findWinner(policy, input);
  const threat = checkThreat(policy, input, winner);
  if (threat !== undefined) return refusal(policy, threat);
  return bindThreat(judgeTaint(policy, input, held), policy, input, winner);
}

/** What the settings say of where the arguments come from, around what the rules say. */
function judgeTaint(policy: CompiledPolicy, input: DecisionInput, held: Held): Decision {
  if (policy.settings.taint === undefined) return judgeByRules(policy, input, held);
  const tainted = checkTaint(policy, input, () => findWinner(policy, input));
  if (tainted?.answer === 'deny') return refusal(policy, tainted.reasons[0]);
  const decision = judgeByRules(policy, input, held);
  return tainted === undefined ? decision : bindTaint(decision, tainted);
}

function judgeByRules(policy: CompiledPolicy, input: DecisionInput, held: Held): Decision {
  const winner = findWinner(policy, input);
  const note = shadowNote(policy, input, winner);
  const sequence = checkSequences(policy, input, 'all');
  if (sequence !== undefined) return noted(refusal(policy, sequence), note);
  if (winner === undefined) {
    return noted(
      needsNoRule(input.request.action.method)
        ? withoutRule(policy, held.rules)
        : refusal(policy, defaultDenial(input)),
      note,
    );
  }
  const { action } = winner.rule;
  if (action === 'deny') return noted(winner.verdict.decision, note);

  const risk = policy.raisesRisk ? riskUnder(winner, input) : undefined;
  const answer = risk === undefined ? undefined : policy.settings.risk[risk];
  if (risk !== undefined && answer === 'deny') return noted(refusal(policy, riskDenial(risk)), note);

  const bound = held.rules.length > 0;
  if (bound || winner.rule.requires.length > 0 || (toolOf(input)?.requires.length ?? 0) > 0) {
    const missing = checkPreconditions(input, [...held.rules, winner]);
    if (missing !== undefined) return noted(refusal(policy, missing), note);
  }
  const asks = risk !== undefined && answer === 'require_approval' ? riskApproval(risk) : undefined;
  if (!bound && asks === undefined) return noted(winner.verdict.decision, note);
  return noted(combine(policy, winner, held.rules, asks), note);
}

/** What needs no rule is allowed by its own nature, and held to the invariants that match it. */
function withoutRule(policy: CompiledPolicy, invariants: readonly CompiledRule[]): Decision {
  const asking = invariants.filter(({ rule }) => rule.action === 'require_approval');
  const [first] = asking;
  const reasons = asking.map(({ verdict }) => verdict.reason);
  const [reason = NO_RULE_NEEDED, ...others] = reasons;
  return {
    effect: first === undefined ? 'allow' : 'require_approval',
    reasons: [reason, ...others],
    obligations: invariants.reduce((base, { rule }) => withObligations(base, rule), policy.obligations),
    ...(first === undefined ? {} : { rule: first.rule.name }),
    ...approversOf(asking),
    policyDigest: policy.digest,
    mode: policy.settings.mode,
    audit: false,
  };
}

const NO_RULE_NEEDED: Reason = Object.freeze({
  code: 'POLICY_ALLOW',
  phase: 'rules',
  message: 'no rule forbids it, and it needs none',
});

/** The winner's decision made stricter by the invariants that hold the call and by its risk. */
function combine(
  policy: CompiledPolicy,
  winner: CompiledRule,
  invariants: readonly CompiledRule[],
  risk: Reason | undefined,
): Decision {
  const asking = [...invariants, winner].filter(({ rule }) => rule.action === 'require_approval');
  const first = asking[0];
  const approvals = [...asking.map(({ verdict }) => verdict.reason), ...(risk === undefined ? [] : [risk])];
  const marks = invariants.filter(({ rule }) => rule.action === 'audit').map(({ verdict }) => verdict.reason);
  const [reason = winner.verdict.reason, ...others] = approvals;
  const decider = approvals.length === 0 ? winner : first;
  return {
    effect: approvals.length === 0 ? 'allow' : 'require_approval',
    reasons: [reason, ...others, ...marks],
    obligations: invariants.reduce(
      (obligations, { rule }) => withObligations(obligations, rule),
      winner.verdict.obligations,
    ),
    ...(decider === undefined ? {} : { rule: decider.rule.name }),
    ...approversOf(asking),
    policyDigest: policy.digest,
    mode: policy.settings.mode,
    audit: winner.verdict.audit,
  };
}

/** Whose word the rules that ask want, where they say it. */
function approversOf(asking: readonly CompiledRule[]): Pick<Decision, 'approvers'> {
  const approvers = asking.flatMap(({ rule }) => rule.approvers ?? []);
  return approvers.length === 0 ? {} : { approvers };
}

function judgeInShadow(policy: CompiledPolicy, input: DecisionInput): Decision {
  const held = matchInvariants(policy, input);
  const binding =
    held.denial ?? checkRuleReceipts(input, held.rules) ?? checkSequences(policy, input, 'invariants');
  if (binding !== undefined) return marked(refusal(policy, binding, 'enforce'), held.audit);
  const would = marked(judge(policy, input), held.audit);
  const sequences = sequencesThatAsk(policy, input, 'invariants');
  if (would.mode === 'enforce' || (held.rules.length === 0 && sequences.length === 0)) return would;
  const obligations = held.rules.reduce((base, { rule }) => withObligations(base, rule), policy.obligations);
  const asking = held.rules.filter(({ rule }) => rule.action === 'require_approval');
  const [first, ...others] = [...asking.map(({ verdict }) => verdict.reason), ...sequences];
  if (first === undefined) return { ...would, obligations };
  return {
    ...would,
    effect: 'require_approval',
    reasons: [first, ...others, ...notAmong([first, ...others], would.reasons)],
    ...(first.rule === undefined ? {} : { rule: first.rule }),
    ...approversOf(asking),
    obligations,
    mode: 'enforce',
  };
}

function refusal(policy: CompiledPolicy, reason: Reason, mode: Mode = policy.settings.mode): Decision {
  return {
    effect: 'deny',
    reasons: [reason],
    obligations: policy.obligations,
    ...(reason.rule === undefined ? {} : { rule: reason.rule }),
    policyDigest: policy.digest,
    mode,
    audit: false,
  };
}

function marked(decision: Decision, audit: boolean): Decision {
  return !audit || decision.audit ? decision : { ...decision, audit };
}

function noted(decision: Decision, note: Reason | undefined): Decision {
  return note === undefined ? decision : { ...decision, reasons: [...decision.reasons, note] };
}
