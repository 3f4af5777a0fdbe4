import type { JsonObject, JsonValue } from '../../model/json.ts';

/** A text of a tool's definition that a model reads. */
export interface DefinitionText {
  /** RFC 6901 JSON pointer. */
  readonly at: string;
  /** The nearest key above it; the text itself for a key. */
  readonly key: string;
  readonly text: string;
}

/** Most texts of one definition, and deepest nesting that is looked at. */
export const MAX_DEFINITION_TEXTS = 4096;
export const MAX_DEFINITION_DEPTH = 32;
/** So much of one text is held against patterns, in UTF-16 code units; `inspectText` reads all of it. */
export const LONGEST_DEFINITION_TEXT = 65_536;

/** Whether a text is more than the name of something: three words and more. */
export function isSentence(text: string): boolean {
  return SENTENCE.test(text);
}

const SENTENCE = /\s\S{1,40}\s/;

/**
 * Every string of a definition in order, keys that are sentences among them, and whether all of them are there and
 * short enough. Takes time linear in it.
 */
export function textsOf(tool: JsonObject): {
  readonly texts: readonly DefinitionText[];
  readonly complete: boolean;
} {
  const texts: DefinitionText[] = [];
  let complete = true;
  const visit = (value: JsonValue, at: string, key: string, depth: number): void => {
    if (texts.length >= MAX_DEFINITION_TEXTS || depth > MAX_DEFINITION_DEPTH) {
      complete = false;
      return;
    }
    if (typeof value === 'string') {
      if (value.length > LONGEST_DEFINITION_TEXT) complete = false;
      texts.push({ at, key, text: value });
    } else if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) visit(item as JsonValue, `${at}/${i}`, key, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        const below = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        if (isSentence(name)) visit(name, below, name, depth + 1);
        visit(item, below, name, depth + 1);
      }
    }
  };
  visit(tool, '', '', 0);
  return { texts, complete };
}
