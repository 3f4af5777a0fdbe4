import type { Decision, DecisionEffect, Obligations } from '../model/decision.ts';
import type { Reason } from '../model/reason.ts';
import { baseObligations, withObligations } from './obligations.ts';
import type { Rule } from './rule.ts';
import type { PolicySettings } from './settings.ts';
import { windowText } from './time-window.ts';

/** What a rule says when it fires, made once when the policy is compiled. */
export interface RuleVerdict {
  readonly reason: Reason;
  /** The rule's own, within the policy's limits. */
  readonly obligations: Obligations;
  /** The record is marked. */
  readonly audit: boolean;
  /** The whole decision of an ordinary rule, for a call about which nothing else has anything to add. */
  readonly decision: Decision;
}

export function ruleVerdict(rule: Rule, settings: PolicySettings, policyDigest: string): RuleVerdict {
  const reason = ruleReason(rule);
  const base = baseObligations(settings);
  // What an ordinary rule of a policy in shadow asks for is not in force; an invariant's is.
  const obligations = settings.mode === 'shadow' && !rule.invariant ? base : withObligations(base, rule);
  const audit = rule.log || rule.action === 'audit';
  const decision: Decision = Object.freeze({
    effect: effectOf(rule),
    reasons: Object.freeze([reason] as const),
    obligations: Object.freeze(obligations),
    rule: rule.name,
    policyDigest,
    ...(rule.approvers === undefined ? {} : { approvers: [rule.approvers] }),
    mode: settings.mode,
    audit,
  });
  return { reason, obligations, audit, decision };
}

function effectOf({ action }: Rule): DecisionEffect {
  return action === 'audit' ? 'allow' : action;
}

function ruleReason(rule: Rule): Reason {
  const { name, action, reason, invariant } = rule;
  const kind = invariant ? 'invariant' : 'rule';
  switch (action) {
    case 'deny':
      return Object.freeze({
        code: 'POLICY_DENY',
        phase: invariant ? 'guards' : 'rules',
        rule: name,
        message: reason ?? `denied by the ${kind} \`${name}\``,
        remedy: denialRemedy(kind, rule),
      });
    case 'require_approval':
      return Object.freeze({
        code: 'APPROVAL_REQUIRED',
        phase: 'approval',
        rule: name,
        message: reason ?? `the ${kind} \`${name}\` asks for a person's approval`,
        remedy: 'ask for approval, or make a call that needs none',
      });
    default:
      return Object.freeze({
        code: invariant ? 'OK' : 'POLICY_ALLOW',
        phase: invariant ? 'guards' : 'rules',
        rule: name,
        message: reason ?? `${invariant ? 'marked' : 'allowed'} by the ${kind} \`${name}\``,
      });
  }
}

function denialRemedy(kind: string, { when, time }: Rule): string {
  if (time.length > 0) return `try again outside of ${time.map(windowText).join(' and ')}`;
  return when.length === 0 ? 'use another tool' : `change what the ${kind} looks at: ${keys(when)}`;
}

function keys(when: Rule['when']): string {
  return when.map(({ key }) => `\`${key}\``).join(', ');
}
