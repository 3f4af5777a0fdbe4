import { CONSENT_RULES } from './consent.ts';
import { HARM_RULES } from './harm.ts';
import type { Intent, IntentRule } from './intent-rule.ts';
import { LEAKS_RULES } from './leaks.ts';
import { MEDDLING_RULES } from './meddling.ts';
import { RANK_RULES } from './rank.ts';
import { SECRECY_RULES } from './secrecy.ts';
import { pairsOf, type Sentence, sentencesOf } from './sentences.ts';

const INTENT_RULES: readonly IntentRule[] = [
  ...LEAKS_RULES,
  ...SECRECY_RULES,
  ...CONSENT_RULES,
  ...MEDDLING_RULES,
  ...RANK_RULES,
  ...HARM_RULES,
];

const ACROSS_RULES = INTENT_RULES.filter(({ across }) => across === true);

/** The names that a definition is made of. */
export interface OwnNames {
  readonly tool: string;
  readonly parameters: ReadonlySet<string>;
}

/** What the sentences of a definition ask for. Takes time linear in the text. */
export function findIntents(text: string, own: OwnNames): readonly Intent[] {
  const found = new Map<string, Intent>();
  const sentences = sentencesOf(text);
  collect(sentences, INTENT_RULES, own, found);
  collect(pairsOf(sentences), ACROSS_RULES, own, found);
  return [...found.values()];
}

function collect(
  sentences: readonly Sentence[],
  rules: readonly IntentRule[],
  own: OwnNames,
  found: Map<string, Intent>,
): void {
  for (const sentence of sentences) {
    for (const rule of rules) {
      const { id, severity, message } = rule;
      const known = found.get(id);
      if (known?.severity === severity || known?.severity === 'high') continue;
      if (holds(rule, sentence, own)) found.set(id, { id, severity, message });
    }
  }
}

function holds(
  { every, unless, forbidden, parameter, otherTool }: IntentRule,
  { text, forbids }: Sentence,
  own: OwnNames,
): boolean {
  const asked = forbidden === true ? text : text.slice(0, forbids);
  if (!every.every((pattern) => pattern.test(asked)) || unless?.test(asked) === true) return false;
  if (otherTool === true && !namesAnother(asked, own)) return false;
  if (parameter === undefined) return true;
  // What names the secret is not the name of a parameter: `Authorization headers` and `headers`.
  const rest = every.reduce((left, pattern) => left.replace(pattern, ' '), asked);
  return namesOne(rest, own.parameters, parameter === 'unexpected');
}

function namesAnother(text: string, { tool, parameters }: OwnNames): boolean {
  return Array.from(text.matchAll(TOOL_NAME)).some(([name]) => name !== tool && !parameters.has(name));
}

// Linear: classes that do not hold what follows them.
const TOOL_NAME = /\b[a-z][a-z0-9]{1,30}(?:_[a-z0-9]{2,30}){1,4}\b/g;

/**
 * Whether a sentence names a parameter: in quotation marks or beside a word that leads to one, and in other scripts
 * anywhere.
 */
function namesOne(text: string, parameters: ReadonlySet<string>, unexpected: boolean): boolean {
  const names = FOREIGN_LETTER.test(text) ? NAMES : LED_NAMES;
  return Array.from(text.matchAll(names)).some(
    ([, name = '']) => parameters.has(name) && !(unexpected && FOR_CONVERSATIONS.test(name)),
  );
}

const FOR_CONVERSATIONS =
  /^(?:messages?|history|conversation|transcript|chat|thread|prompts?|system|system_prompt|instructions|input|thoughts?|dialogue?)$/i;

const FOREIGN_LETTER = /[\u0370-\uffff]/;
// Linear: one class with nothing after it, behind a fixed word or sign.
const NAMES = /([A-Za-z_]\w{0,63})/g;
const LED_NAMES =
  /(?:[`'"]|\b(?:in|into|as|to|via|through|field|parameter|argument|feld|campo|champ|param\u00e8tre|par\u00e1metro) (?:the )?)([A-Za-z_]\w{0,63})/gi;
