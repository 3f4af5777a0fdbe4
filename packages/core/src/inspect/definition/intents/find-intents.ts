import { CONSENT_RULES } from './consent.ts';
import type { Intent, IntentRule } from './intent-rule.ts';
import { LEAKS_RULES } from './leaks.ts';
import { MEDDLING_RULES } from './meddling.ts';
import { RANK_RULES } from './rank.ts';
import { SECRECY_RULES } from './secrecy.ts';
import { type Sentence, sentencesOf } from './sentences.ts';

const INTENT_RULES: readonly IntentRule[] = [
  ...LEAKS_RULES,
  ...SECRECY_RULES,
  ...CONSENT_RULES,
  ...MEDDLING_RULES,
  ...RANK_RULES,
];

/**
 * What the sentences of a definition ask for. `parameters` are the names of what the tool takes. Takes time linear in
 * the text.
 */
export function findIntents(text: string, parameters: ReadonlySet<string>): readonly Intent[] {
  const found = new Map<string, Intent>();
  for (const sentence of sentencesOf(text)) {
    for (const rule of INTENT_RULES) {
      const { id, severity, message } = rule;
      const known = found.get(id);
      if (known?.severity === severity || known?.severity === 'high') continue;
      if (holds(rule, sentence, parameters)) found.set(id, { id, severity, message });
    }
  }
  return [...found.values()];
}

function holds(
  { every, unless, forbidden, parameter }: IntentRule,
  { text, forbids }: Sentence,
  parameters: ReadonlySet<string>,
): boolean {
  const asked = forbidden === true ? text : text.slice(0, forbids);
  if (!every.every((pattern) => pattern.test(asked)) || unless?.test(asked) === true) return false;
  // What names the secret is not the name of a parameter: `Authorization headers` and `headers`.
  return (
    parameter !== true ||
    namesOne(
      every.reduce((rest, pattern) => rest.replace(pattern, ' '), asked),
      parameters,
    )
  );
}

/**
 * Whether a sentence names a parameter: in quotation marks or beside a word that leads to one, and in other scripts
 * anywhere.
 */
function namesOne(text: string, parameters: ReadonlySet<string>): boolean {
  const names = FOREIGN_LETTER.test(text) ? NAMES : LED_NAMES;
  return Array.from(text.matchAll(names)).some(([, name = '']) => parameters.has(name));
}

const FOREIGN_LETTER = /[\u0370-\uffff]/;
// Linear: one class with nothing after it, behind a fixed word or sign.
const NAMES = /([A-Za-z_]\w{0,63})/g;
const LED_NAMES =
  /(?:[`'"]|\b(?:in|into|as|to|via|through|field|parameter|argument|feld|campo|champ|param\u00e8tre|par\u00e1metro) (?:the )?)([A-Za-z_]\w{0,63})/gi;
