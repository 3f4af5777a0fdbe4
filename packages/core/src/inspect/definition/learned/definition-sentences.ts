import type { JsonObject } from '../../../model/json.ts';
import { foldPhrase } from '../../text/fold.ts';
import { isSentence, LONGEST_DEFINITION_TEXT, textsOf } from '../definition-text.ts';
import type { OwnNames } from '../intents/find-intents.ts';
import { sentencesOf } from '../intents/sentences.ts';
import { parametersOf } from '../parameter.ts';
import { plainText } from '../plain-text.ts';
import { conceptsOf } from './concepts.ts';
import { cuesOf, featuresOf, type Place } from './sentence-features.ts';
import { tokensOf } from './tokens.ts';

/** A sentence of a definition as what a linear model weighs. */
export interface DefinitionSentence {
  /** RFC 6901 JSON pointer of the text that it is from. */
  readonly at: string;
  readonly features: ReadonlySet<string>;
}

/** So far into a description its first sentence is looked for. */
const FIRST = 16_384;

/** The sentences of a definition that a model reads, in order. Takes time linear in the definition. */
export function definitionSentences(tool: JsonObject): readonly DefinitionSentence[] {
  const name = typeof tool['name'] === 'string' ? tool['name'] : '';
  const own = { tool: name, parameters: new Set(parametersOf(tool).map((parameter) => parameter.name)) };
  const topic = topicOf(tool, own);
  const found: DefinitionSentence[] = [];
  for (const { at, key, text } of textsOf(tool).texts) {
    const place = placeOf(at, key, text);
    if (place === undefined) continue;
    const parameter = place === 'main' ? [] : wordsOf(parameterOf(at), own);
    let cuesBefore: readonly string[] = [];
    for (const [i, sentence] of sentencesOf(plainText(text.slice(0, LONGEST_DEFINITION_TEXT))).entries()) {
      const tokens = tokensOf(sentence.text, own);
      const cues = cuesOf(foldPhrase(sentence.text));
      const first = place === 'main' && i === 0;
      const context = { text: sentence.text, tokens, place, first, topic, parameter, cuesBefore };
      found.push({ at, features: featuresOf(context, cues) });
      cuesBefore = cues;
    }
  }
  return found;
}

function topicOf({ description }: JsonObject, own: OwnNames): ReadonlySet<number> {
  const says =
    typeof description === 'string'
      ? sentencesOf(plainText(description.slice(0, FIRST)))[0]?.text
      : undefined;
  return new Set([...wordsOf(own.tool, own), ...tokensOf(says ?? '', own)].flatMap(conceptsOf));
}

function wordsOf(name: string, own: OwnNames): readonly string[] {
  const apart = name.slice(0, 256).replace(/([a-z])([A-Z])/g, '$1 $2');
  return tokensOf(apart.replaceAll(/[_.-]/g, ' '), own);
}

/** The parameter that a pointer leads into; empty outside of one. */
function parameterOf(at: string): string {
  const steps = at.split('/');
  const properties = steps.lastIndexOf('properties');
  return properties === -1 ? '' : (steps[properties + 1] ?? '');
}

function placeOf(at: string, key: string, text: string): Place | undefined {
  if (NAMES.has(key) && !isSentence(text)) return undefined;
  if (at === '/description') return 'main';
  return VALUES.has(key) ? 'value' : 'field';
}

/** What holds names and patterns, unless somebody writes there. */
const NAMES = new Set(['name', 'type', 'format', '$schema', '$ref', 'required', 'pattern']);
const VALUES = new Set(['default', 'const', 'enum', 'examples', 'example']);
