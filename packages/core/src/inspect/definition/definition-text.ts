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

/** Every string of a definition in order, and whether all of them are there. Takes time linear in it. */
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
    if (typeof value === 'string') texts.push({ at, key, text: value });
    else if (Array.isArray(value)) {
      for (const [i, item] of value.entries()) visit(item as JsonValue, `${at}/${i}`, key, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) {
        visit(item, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, name, depth + 1);
      }
    }
  };
  visit(tool, '', '', 0);
  return { texts, complete };
}
