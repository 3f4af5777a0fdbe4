import type { Finding, Severity } from '../../model/finding.ts';
import type { JsonValue } from '../../model/json.ts';
import { maskResult } from '../pii/mask-result.ts';
import type { KnownValues } from '../secret/known-values.ts';
import { contentTextsOf } from './content-text.ts';

/** What a classifier said of a text: how likely it acts on a model, from 0 to 1, or why it said nothing. */
export type Opinion =
  | { readonly kind: 'score'; readonly score: number }
  | { readonly kind: 'failed'; readonly why: string };

/** What becomes of a call or result that the classifier said nothing about. */
export const CLASSIFIER_FAILURES = ['record', 'high'] as const;
export type ClassifierFailure = (typeof CLASSIFIER_FAILURES)[number];

/** From which score on a finding is how severe. */
const LOW = 0.5;
const MEDIUM = 0.8;

/**
 * What an opinion is found as. It only adds to what inspectors found, and never more than a medium finding: no
 * classifier stops anything by itself. Under `high` a failure weighs as much as a severe finding.
 */
export function classifiedFindings(opinion: Opinion, failure: ClassifierFailure): readonly Finding[] {
  if (opinion.kind === 'failed') {
    const severity: Severity = failure === 'high' ? 'high' : 'info';
    return [
      { id: 'classifier.failed', at: '', severity, message: `the classifier said nothing: ${opinion.why}` },
    ];
  }
  if (opinion.score < LOW) return [];
  const severity = opinion.score < MEDIUM ? 'low' : 'medium';
  const message = `the classifier takes it for text that acts on a model (${opinion.score.toFixed(2)})`;
  return [{ id: 'prompt.classified', at: '', severity, message }];
}

/**
 * The texts of a value as a classifier may see them, at most `length` UTF-16 units: without credentials, those of
 * Aegis included. Takes time linear in `length`.
 */
export function classifiableText(value: JsonValue, known: KnownValues, length: number): string {
  // A credential that the cut goes through is whole in what is masked.
  let left = 2 * length;
  const read: Record<string, string>[] = [];
  for (const { key, text, number } of contentTextsOf(value).texts) {
    if (left <= 0) break;
    if (number === true) continue;
    read.push({ [key]: text.slice(0, left) });
    left -= text.length;
  }
  const { read: masked } = maskResult({ read }, ['secret'], known).result;
  const texts = (masked as Record<string, string>[]).flatMap((entry) => Object.values(entry));
  return texts.join('\n\n').slice(0, length);
}
