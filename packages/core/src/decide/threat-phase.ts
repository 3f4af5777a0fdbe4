import { personalId } from '../inspect/pii/personal-finding.ts';
import type { Decision } from '../model/decision.ts';
import type { Finding } from '../model/finding.ts';
import type { Reason } from '../model/reason.ts';
import type { ThreatScore } from '../model/threat.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { CompiledRule } from '../policy/compiled-rule.ts';
import { answerTo } from '../policy/guard-settings.ts';
import { quote } from '../policy/quote.ts';
import type { PiiKind } from '../policy/rule.ts';
import type { DecisionInput } from './input.ts';
import { askedFor } from './stricter.ts';

/** Why the settings of the guards deny the call: a credential or personal data among its arguments, or its score. */
export function checkThreat(
  { settings }: CompiledPolicy,
  input: DecisionInput,
  winner: () => CompiledRule | undefined,
): Reason | undefined {
  const { requests, secrets, pii } = settings.guards ?? {};
  if (secrets === 'deny') {
    const found = unwaived(input, winner, isCertainSecret);
    if (found !== undefined) return secretReason(found);
  }
  if (pii?.requests === 'deny') {
    const found = unwaived(input, winner, isPersonal(pii.kinds));
    if (found !== undefined) return personalReason(found);
  }
  const { score } = input.facts;
  if (requests === undefined) return undefined;
  // SECURITY: a call that should have been scored and was not is none that scores nothing.
  if (score === undefined) return UNSCORED;
  return answerTo(requests, score.band) === 'deny' ? scoreReason(score) : undefined;
}

/** The decision made as strict as the settings of the guards ask: a person to approve. */
export function bindThreat(
  decision: Decision,
  { settings }: CompiledPolicy,
  input: DecisionInput,
  winner: () => CompiledRule | undefined,
): Decision {
  const { requests, secrets, pii } = settings.guards ?? {};
  if (decision.effect === 'deny') return decision;
  const { score } = input.facts;
  const asking: Reason[] = [];
  const found = secrets === 'require_approval' ? unwaived(input, winner, isCertainSecret) : undefined;
  if (found !== undefined) asking.push(approval(secretText(found)));
  const personal =
    pii?.requests === 'require_approval' ? unwaived(input, winner, isPersonal(pii.kinds)) : undefined;
  if (personal !== undefined) asking.push(approval(personalText(personal)));
  if (score !== undefined && answerTo(requests, score.band) === 'require_approval') {
    asking.push(approval(scoreText(score)));
  }
  return askedFor(decision, asking);
}

/** A credential that nothing else looks like. */
function isCertainSecret({ id, severity }: Finding): boolean {
  return id.startsWith('secret.') && (severity === 'high' || severity === 'critical');
}

function isPersonal(kinds: readonly PiiKind[]): (finding: Finding) => boolean {
  const ids = new Set(kinds.map(personalId));
  return ({ id }) => ids.has(id);
}

/** The first such finding that the rule which would decide does not waive. */
function unwaived(
  { facts }: DecisionInput,
  winner: () => CompiledRule | undefined,
  such: (finding: Finding) => boolean,
): Finding | undefined {
  const found = facts.findings.filter(such);
  if (found.length === 0) return undefined;
  const waived = winner()?.rule.waive ?? [];
  return found.find(({ id }) => !waived.includes(id));
}

function secretText({ id, at }: Finding): string {
  return `the argument at ${quote(at)} holds a credential (${quote(id)})`;
}

function secretReason(finding: Finding): Reason {
  return {
    code: 'GUARD_SECRET',
    phase: 'guards',
    message: secretText(finding),
    remedy: `leave the credential out; only a rule that waives ${quote(finding.id)} lets this through`,
  };
}

function personalText({ id, at }: Finding): string {
  return `the argument at ${quote(at)} holds personal data (${quote(id)})`;
}

function personalReason(finding: Finding): Reason {
  return {
    code: 'GUARD_PII',
    phase: 'guards',
    message: personalText(finding),
    remedy: `leave it out; only a rule that waives ${quote(finding.id)} lets this through`,
  };
}

function scoreReason(score: ThreatScore): Reason {
  return {
    code: 'THREAT_SCORE',
    phase: 'guards',
    message: scoreText(score),
    remedy: 'make a call without what it names',
  };
}

const UNSCORED: Reason = Object.freeze({
  code: 'THREAT_SCORE',
  phase: 'guards',
  message: 'the call was not scored',
  remedy: 'report this to the owner of the policy',
});

function approval(message: string): Reason {
  return {
    code: 'APPROVAL_REQUIRED',
    phase: 'approval',
    message: `${message}, and that asks for a person's approval`,
    remedy: 'ask for approval, or make a call without what it names',
  };
}

/** Most parts of a score that a message names. */
const MOST_PARTS = 8;

/** A score and its parts in words: `the threat score is 80 of 100 (high): prompt.override 75 %, high risk 10 %`. */
export function scoreText({ value, band, parts }: ThreatScore): string {
  const named = parts
    .slice(0, MOST_PARTS)
    .map(
      ({ kind, name, weight }) =>
        `${kind === 'capability' ? `${name} risk` : name} ${Math.round(100 * weight)} %`,
    );
  const more = parts.length > MOST_PARTS ? `, and ${parts.length - MOST_PARTS} more` : '';
  return `the threat score is ${value} of 100 (${band})${named.length === 0 ? '' : `: ${named.join(', ')}${more}`}`;
}
