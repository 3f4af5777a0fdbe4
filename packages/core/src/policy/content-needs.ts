import { type ContentNeeds, NO_CONTENT_NEEDS, SCORE_NEEDS } from '../inspect/content/content-needs.ts';
import { blocksCalls } from '../inspect/pii/pattern.ts';
import type { CompiledRule } from './compiled-rule.ts';
import type { ConditionInput } from './condition.ts';
import { EvaluationFault } from './evaluation-fault.ts';
import type { GuardSettings } from './guard-settings.ts';
import { parseGlob } from './glob.ts';
import { needsOfReads } from './module/document.ts';
import type { Condition, Rule, ValueTest } from './rule.ts';
import type { ToolIndex } from './tool-index.ts';

/** What the ids of findings begin with, by the inspector that has them. */
const TEXT_IDS = ['prompt.', 'text.'];
const SECRET_IDS = ['secret.'];
const PII_IDS = ['pii.'];

/** What one condition asks of the inspectors of content. */
function needsOf({ subject, tests }: Condition): ContentNeeds {
  if (subject.kind !== 'fact') return NO_CONTENT_NEEDS;
  if (subject.key === 'score') return SCORE_NEEDS;
  if (subject.key !== 'finding') return NO_CONTENT_NEEDS;
  const about = (ids: readonly string[]) => tests.some((test) => ids.some((id) => isAbout(test, id)));
  return { text: about(TEXT_IDS), secrets: about(SECRET_IDS), pii: about(PII_IDS), score: false };
}

/** Whether a test can tell one id that begins like this from another. */
function isAbout(test: ValueTest, start: string): boolean {
  switch (test.op) {
    case 'eq':
      return String(test.value).startsWith(start);
    case 'in':
      return test.values.some((value) => String(value).startsWith(start));
    case 'like':
      return test.values.some((value) => couldStart(String(value), start));
    default:
      return true;
  }
}

function couldStart(pattern: string, start: string): boolean {
  const glob = parseGlob(pattern);
  if (glob === undefined) return false;
  if (glob.kind === 'exact') return glob.text.startsWith(start);
  if (glob.kind === 'prefix') return glob.text.startsWith(start) || start.startsWith(glob.text);
  return true;
}

/** What both ask for together. */
export function unionOfNeeds(a: ContentNeeds, b: ContentNeeds): ContentNeeds {
  return {
    text: a.text || b.text,
    secrets: a.secrets || b.secrets,
    pii: a.pii || b.pii,
    score: a.score || b.score,
  };
}

function isEmpty({ text, secrets, pii, score }: ContentNeeds): boolean {
  return !text && !secrets && !pii && !score;
}

function needsOfRule({ when, condition }: Rule): ContentNeeds {
  let needs = condition === undefined ? NO_CONTENT_NEEDS : needsOfReads(condition.reads);
  for (const one of when) {
    const asked = needsOf(one);
    if (asked !== NO_CONTENT_NEEDS) needs = unionOfNeeds(needs, asked);
  }
  return needs;
}

function needsOfSettings({ requests, secrets, pii, patterns = [] }: GuardSettings): ContentNeeds {
  const own: ContentNeeds = {
    ...NO_CONTENT_NEEDS,
    secrets: secrets !== undefined,
    pii: pii?.requests !== undefined || patterns.some(blocksCalls),
  };
  return requests === undefined ? own : unionOfNeeds(own, SCORE_NEEDS);
}

/** What has to be known of a call's content before it can be decided, as far as its other facts are established. */
export type CallNeeds = (input: ConditionInput) => ContentNeeds;

const ASKS_NOTHING: CallNeeds = () => NO_CONTENT_NEEDS;

/**
 * Compiles what rules and settings ask of the content of calls. A rule asks only for calls that meet everything else
 * that it says; `others` ask for every call.
 */
export function compileCallNeeds(
  rules: readonly CompiledRule[],
  indexes: readonly ToolIndex[],
  guards: GuardSettings = {},
  others: ContentNeeds = NO_CONTENT_NEEDS,
): CallNeeds {
  const always = unionOfNeeds(needsOfSettings(guards), others);
  const asking = new Map<CompiledRule, ContentNeeds>();
  for (const compiled of rules) {
    const needs = needsOfRule(compiled.rule);
    if (!isEmpty(needs)) asking.set(compiled, needs);
  }
  if (asking.size === 0) return isEmpty(always) ? ASKS_NOTHING : () => always;
  return (input) => {
    let needs = always;
    for (const index of indexes) {
      for (const candidate of index.candidates(input)) {
        const asked = asking.get(candidate);
        if (asked !== undefined && couldHold(candidate, input)) needs = unionOfNeeds(needs, asked);
      }
    }
    return needs;
  };
}

/** Whether everything holds that is known before the content is. */
function couldHold({ method, open, conditions }: CompiledRule, input: ConditionInput): boolean {
  try {
    if (!method(input) || open?.(input) === false) return false;
    return conditions.every(({ condition, holds }) => !isEmpty(needsOf(condition)) || holds(input));
  } catch (error) {
    if (!(error instanceof EvaluationFault)) throw error;
    return true;
  }
}
