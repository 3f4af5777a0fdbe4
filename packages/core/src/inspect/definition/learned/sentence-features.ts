import { CONCEPTS, conceptsOf } from './concepts.ts';
import { CUES } from './cues.ts';
import { RULE_PARTS } from './rule-parts.ts';
import { isFunctionWord } from './function-words.ts';

/** Where in a definition a sentence stands. */
export type Place = 'main' | 'field' | 'value';

/** A sentence, and what is known of the definition around it. */
export interface SentenceInContext {
  readonly text: string;
  readonly tokens: readonly string[];
  readonly place: Place;
  /** Whether it says what the tool is. */
  readonly first: boolean;
  /** Concepts that the name and the first sentence speak of. */
  readonly topic: ReadonlySet<number>;
  /** Words of the parameter that it describes. */
  readonly parameter: readonly string[];
  /** Turns of phrase of the sentence before it. */
  readonly cuesBefore: readonly string[];
}

/** The names of the turns of phrase in a sentence. */
export function cuesOf(folded: string): readonly string[] {
  return CUE_LIST.filter(([, pattern]) => pattern.test(folded)).map(([name]) => name);
}

const CUE_LIST = Object.entries(CUES);

/**
 * What a sentence has that may tell poisoned definitions from honest ones, by readable names: `word`, `two words`,
 * `one _ third`, `#concept`, `new#concept` (that the tool is not about), `concept>concept` (within five words),
 * `<class>&#concept`, `named#concept` (its parameter), `~cue`, `~cue&cue`, `~cue@place`, `~cue>cue` (in the next
 * sentence), `rule:family/number` (a pattern of a rule), `at:place`, `mood:...`. Takes time linear in the sentence.
 */
export function featuresOf(sentence: SentenceInContext, cues: readonly string[]): ReadonlySet<string> {
  const { text, tokens, place, topic, parameter, cuesBefore } = sentence;
  const features = new Set([`at:${place}`, `mood:${moodOf(text, tokens)}`]);
  if (sentence.first) features.add('first');
  if (SHOUTS.test(text)) features.add('shouts');
  const concepts = tokens.map(conceptsOf);
  for (const [i, token] of tokens.entries()) addWords(features, token, tokens[i + 1], tokens[i + 2]);
  for (const [i, before] of concepts.entries()) {
    for (const after of concepts.slice(i + 1, i + REACH)) {
      for (const a of before)
        for (const b of after) if (a !== b) features.add(`${CONCEPTS[a]}>${CONCEPTS[b]}`);
    }
  }
  const classes = new Set(tokens.filter((token) => token.startsWith('<')));
  for (const concept of new Set(concepts.flat())) {
    features.add(`#${CONCEPTS[concept]}`);
    if (!topic.has(concept)) features.add(`new#${CONCEPTS[concept]}`);
    for (const kind of classes) features.add(`${kind}&#${CONCEPTS[concept]}`);
  }
  for (const word of parameter) for (const c of conceptsOf(word)) features.add(`named#${CONCEPTS[c]}`);
  for (const [i, cue] of cues.entries()) {
    features.add(`~${cue}`);
    features.add(`~${cue}@${place}`);
    for (const other of cues.slice(i + 1)) features.add(`~${cue}&${other}`);
    for (const before of cuesBefore) features.add(`~${before}>${cue}`);
  }
  for (const { name, pattern } of RULE_PARTS) if (pattern.test(text)) features.add(name);
  return features;
}

/** Concepts that far apart still belong together, in words. */
const REACH = 5;
// Linear: bounded classes.
const SHOUTS = /\b[A-Z]{4,20}\b.{0,80}\b[A-Z]{4,20}\b/;

function addWords(features: Set<string>, word: string, next: string | undefined, third: string | undefined) {
  const idle = isFunctionWord(word);
  if (!idle) features.add(word);
  if (next !== undefined && !(idle && isFunctionWord(next))) features.add(`${word} ${next}`);
  if (third !== undefined && !idle && !isFunctionWord(third)) features.add(`${word} _ ${third}`);
}

/** Whether a sentence says what something does (`Returns ...`), gives an order (`Return ...`), or neither. */
function moodOf(text: string, tokens: readonly string[]): 'says' | 'orders' | 'other' {
  const start = FIRST_WORD.exec(text)?.[1] ?? '';
  if (THIRD_PERSON.test(start) && !NO_VERBS.has(start)) return 'says';
  return conceptsOf(tokens[0] ?? '').some((concept) => VERBS.has(concept)) ? 'orders' : 'other';
}

const FIRST_WORD = /^\W{0,4}([A-Za-z]{1,30})/;
const THIRD_PERSON = /^[A-Z][a-z]{1,28}s$/;
const NO_VERBS = new Set(['This', 'Always', 'Its', 'Users']);
const VERBS: ReadonlySet<number> = new Set(
  (
    [
      'sends',
      'puts',
      'reads',
      'changes',
      'uses',
      'hides',
      'tells',
      'skips',
      'deletes',
      'obeys',
      'runs',
      'pretends',
    ] as const
  ).map((name) => CONCEPTS.indexOf(name)),
);
