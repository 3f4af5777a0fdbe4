import type { Decision } from '../model/decision.ts';
import type { Finding } from '../model/finding.ts';
import type { Reason } from '../model/reason.ts';
import type { ThreatScore } from '../model/threat.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { CompiledRule } from '../policy/compiled-rule.ts';
import { answerTo } from '../policy/guard-settings.ts';
import { quote } from '../policy/quote.ts';
import type { DecisionInput } from './input.ts';

/** Why the settings of the guards deny the call: a credential among its arguments, or its score. */
export function checkThreat(
  { settings }: CompiledPolicy,
  input: DecisionInput,
  winner: () => CompiledRule | undefined,
): Reason | undefined {
  const { requests, secrets } = settings.guards ?? {};
  if (secrets === 'deny') {
    const found = certainSecret(input, winner);
    if (found !== undefined) return secretReason(found);
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
  const { requests, secrets } = settings.guards ?? {};
  if (decision.effect === 'deny') return decision;
  const { score } = input.facts;
  const asking: Reason[] = [];
  const found = secrets === 'require_approval' ? certainSecret(input, winner) : undefined;
  if (found !== undefined) asking.push(approval(secretText(found)));
  if (score !== undefined && answerTo(requests, score.band) === 'require_approval') {
    asking.push(approval(scoreText(score)));
  }
  const [first, ...others] = asking;
  if (first === undefined) return decision;
  return {
    ...decision,
    effect: 'require_approval',
    reasons:
      decision.effect === 'require_approval' ? [...decision.reasons, first, ...others] : [first, ...others],
  };
}

/** A credential that nothing else looks like, and that the rule which would decide does not waive. */
function certainSecret(
  { facts }: DecisionInput,
  winner: () => CompiledRule | undefined,
): Finding | undefined {
  const found = facts.findings.filter(
    ({ id, severity }) => id.startsWith('secret.') && (severity === 'high' || severity === 'critical'),
  );
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
