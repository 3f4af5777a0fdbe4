import type { Capability } from '../model/capability.ts';
import type { Decision } from '../model/decision.ts';
import type { Reason } from '../model/reason.ts';
import type { TaintFact, TaintFacts } from '../model/taint.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { CompiledRule } from '../policy/compiled-rule.ts';
import { CALL_ANSWERS, type CallAnswer } from '../policy/guard-settings.ts';
import { quote } from '../policy/quote.ts';
import type { TaintSettings } from '../taint/settings.ts';
import type { DecisionInput } from './input.ts';
import { askedFor } from './stricter.ts';

/** What data that nobody vouches for leads to in one call. */
export interface TaintVerdict {
  readonly answer: CallAnswer;
  readonly reasons: readonly [Reason, ...Reason[]];
}

/** The id under which a rule waives what a call does in a session that was told what to do. */
const STEERED = 'taint.steered';

/**
 * Does untrusted data say what a call does, or on what? Undefined when it does not, when the call can do nothing that
 * settings name as a sink, and when the rule that would decide waives it.
 */
export function checkTaint(
  { settings }: CompiledPolicy,
  input: DecisionInput,
  winner: () => CompiledRule | undefined,
): TaintVerdict | undefined {
  const { taint } = settings;
  const sink = taint && sinkOf(taint, input.facts.capabilities);
  if (taint === undefined || sink === undefined) return undefined;
  const { taint: facts } = input.facts;
  // SECURITY: a call that should have been followed and was not is none that is clean.
  if (facts === undefined)
    return verdict({ ...sink, answer: 'deny' }, ['where its arguments come from is not known']);
  const authority = facts.taints.filter(
    ({ use, labels }) => use === 'authority' && labels.some((label) => taint.untrusted.includes(label)),
  );
  if (authority.length === 0 && facts.unfounded === undefined) return undefined;
  const waived = winner()?.rule.waive ?? [];
  const found = authority.filter(({ labels }) =>
    labels.some((label) => taint.untrusted.includes(label) && !waived.includes(`taint.${label}`)),
  );
  const steered = facts.unfounded === undefined || waived.includes(STEERED) ? [] : [facts.unfounded];
  return verdict(sink, [...found.slice(0, MOST_NAMED).map(taintText), ...steered.map(unfoundedText)]);
}

/** Most arguments that a decision names. */
const MOST_NAMED = 8;

/** The decision made as strict as a taint asks: a person to approve. */
export function bindTaint(decision: Decision, { reasons }: TaintVerdict): Decision {
  if (decision.effect === 'deny') return decision;
  const asking = reasons.map(
    ({ message }): Reason => ({
      code: 'APPROVAL_REQUIRED',
      phase: 'approval',
      message: `${message}, and that asks for a person's approval`,
      remedy: 'ask for approval, or use what the user gave',
    }),
  );
  return askedFor(decision, asking);
}

function taintText({ at, labels, from, agreement }: TaintFact): string {
  const which = quote(labels.join(', '));
  if (agreement === 'unknown') {
    return `nobody is known to have said the argument at ${quote(at)}, and data labelled ${which} is not followed any more`;
  }
  const source = from.length === 0 ? '' : ` (read in ${from.map(quote).join(', ')})`;
  return `the argument at ${quote(at)} holds what data labelled ${which} says${source}`;
}

/** Why taint lets a call pass, in words. */
export function passedTaintText(taint: TaintFacts | undefined): string {
  if (taint === undefined) return 'data is not followed';
  const { taints, declassified } = taint;
  const cleared =
    declassified.length === 0 ? '' : `; cleared: ${declassified.map(({ by }) => quote(by)).join(', ')}`;
  return taints.length === 0
    ? `no argument holds labelled data${cleared}`
    : `arguments with labelled data, none of which decides where it goes: ${taints.length}${cleared}`;
}

function unfoundedText(at: string): string {
  const what =
    at === '' ? 'nothing in the call follows from what' : `the argument at ${quote(at)} is not what`;
  return `text that tries to steer the model was read, and ${what} was said before`;
}

interface Sink {
  readonly capability: Capability;
  readonly answer: CallAnswer;
}

/** Of the sinks that a call reaches the one with the strictest answer. */
function sinkOf({ sinks }: TaintSettings, capabilities: readonly Capability[]): Sink | undefined {
  let strictest: Sink | undefined;
  for (const capability of capabilities) {
    const answer = sinks[capability];
    if (answer === undefined) continue;
    const stricter =
      strictest === undefined || CALL_ANSWERS.indexOf(answer) > CALL_ANSWERS.indexOf(strictest.answer);
    if (stricter) strictest = { capability, answer };
  }
  return strictest;
}

function verdict({ capability, answer }: Sink, whys: readonly string[]): TaintVerdict | undefined {
  const [first, ...others] = whys.map(
    (why): Reason => ({
      code: 'TAINTED_TO_HIGH_RISK',
      phase: 'taint',
      message: `${why}; the call can ${quote(capability)}`,
      remedy: 'use what the user gave, or ask the user to say it',
    }),
  );
  return first && { answer, reasons: [first, ...others] };
}
