import { assertNever } from '../errors.ts';
import type { Decision } from '../model/decision.ts';
import { quote } from '../policy/quote.ts';
import type { Phase } from '../model/reason.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { CompiledRule } from '../policy/compiled-rule.ts';
import { limitsOf } from './agent-phase.ts';
import { type DecisionInput, toolOf } from './input.ts';
import { passedTaintText } from './taint-phase.ts';
import { scoreText } from './threat-phase.ts';

/** Why a phase let a call pass, in words. */
export function passedText(
  phase: Phase,
  policy: CompiledPolicy,
  input: DecisionInput,
  decision: Decision,
  winner: CompiledRule | undefined,
): string {
  switch (phase) {
    case 'manifest':
      return manifestText(input);
    case 'limits':
      return limitsText(policy, input);
    case 'guards':
      return guardsText(input);
    case 'rules':
      return rulesText(policy, decision, winner);
    case 'preconditions': {
      const required = [
        ...(toolOf(input)?.requires ?? []).map(({ receipt }) => receipt),
        ...(winner?.rule.requires ?? []),
      ];
      return required.length === 0 ? 'no receipt is required' : `held: ${required.map(quote).join(', ')}`;
    }
    case 'approval':
      return 'nobody has to be asked';
    case 'obligations': {
      const { mask, timeoutMs, maxOutputBytes } = decision.obligations;
      const masked = mask.length === 0 ? 'mask nothing' : `mask ${mask.join(', ')}`;
      return `${masked}; at most ${timeoutMs} ms and ${maxOutputBytes} bytes`;
    }
    case 'taint':
      return passedTaintText(input.facts.taint);
    default:
      return assertNever(phase);
  }
}

function rulesText(
  { modules }: CompiledPolicy,
  { effect }: Decision,
  winner: CompiledRule | undefined,
): string {
  const first = winner === undefined ? [] : [`the rule ${quote(winner.rule.name)} matched first`];
  // They are asked last, about what nothing else denies.
  const then = effect === 'deny' ? [] : modules.map(({ rule }) => `${quote(rule)} does not deny`);
  return [...first, ...then].join('; ');
}

function manifestText(input: DecisionInput): string {
  const { request, server, facts } = input;
  if (server === undefined) return `the server ${quote(request.resource.server)} has no manifest`;
  if (request.resource.kind === 'tool' && toolOf(input) === undefined) {
    return `${quote(request.resource.name)} is not in the manifest`;
  }
  return facts.capabilities.length === 0
    ? 'nothing has to be declared'
    : `declared: ${facts.capabilities.join(', ')}`;
}

function limitsText({ settings }: CompiledPolicy, { snapshot, request, agent }: DecisionInput): string {
  const limits = limitsOf(settings.limits, agent);
  const elapsed = request.nowMs - snapshot.startedAtMs;
  return (
    `${snapshot.steps} of ${limits.maxSteps} steps, ${snapshot.toolCalls} of ${limits.maxToolCalls} tool calls, ` +
    `${elapsed} of ${limits.maxWallTimeMs} ms used`
  );
}

function guardsText({ facts }: DecisionInput): string {
  const waived = facts.findings.filter(({ denies }) => denies !== undefined).map(({ id }) => quote(id));
  const scored = facts.score === undefined ? '' : `; ${scoreText(facts.score)}`;
  if (waived.length > 0) return `waived: ${waived.join(', ')}${scored}`;
  const found =
    facts.findings.length === 0 ? 'no findings' : `findings that do not deny: ${facts.findings.length}`;
  return `${found}${scored}`;
}
