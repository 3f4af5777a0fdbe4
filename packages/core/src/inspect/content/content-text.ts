import { isExactNumber } from '../../json/exact.ts';
import { JSON_LIMITS } from '../../json/problem.ts';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { isBinaryContent } from '../binary-content.ts';
import { pairName } from './pair-name.ts';

/** One text of a call or a result. */
export interface ContentText {
  /** RFC 6901 JSON pointer; of a member whose name is the text, the pointer of the member. */
  readonly at: string;
  /** The nearest key above it. */
  readonly key: string;
  readonly text: string;
  /** Whether the value is a number, which no model takes an order from. */
  readonly number?: true;
}

/** The texts of a value in order. */
export interface ContentTexts {
  readonly texts: readonly ContentText[];
  /** Whether all of them are there. */
  readonly complete: boolean;
}

/** Shorter numbers are none of a person. */
const SHORTEST_NUMBER = /^\d{7,21}$/;

/** A shorter name of a member tells a model nothing. */
const SHORTEST_NAME = 24;

/**
 * Every text of a value in order, long names of members included, and whether all of them are there: what is
 * nested deeper than `JSON_LIMITS` is not. The base64 of binary content is left out. With `numbers` also whole numbers that are long enough to
 * be somebody's. Takes time linear in the value.
 */
export function contentTextsOf(value: JsonValue, numbers = false): ContentTexts {
  const texts: ContentText[] = [];
  let complete = true;
  const visit = (inner: JsonValue, at: string, key: string, depth: number): void => {
    if (typeof inner === 'string') {
      if (inner !== '') texts.push({ at, key, text: inner });
      return;
    }
    if (numbers && (typeof inner === 'number' || isExactNumber(inner))) {
      const digits = JSON.stringify(inner);
      if (SHORTEST_NUMBER.test(digits)) texts.push({ at, key, text: digits, number: true });
      return;
    }
    if (typeof inner !== 'object' || inner === null) return;
    if (depth > JSON_LIMITS.maxDepth) {
      complete = false;
      return;
    }
    if (Array.isArray(inner)) {
      for (const [index, item] of inner.entries()) visit(item as JsonValue, `${at}/${index}`, key, depth + 1);
      return;
    }
    if (!isJsonObject(inner)) return;
    for (const name of Object.keys(inner)) {
      const member = inner[name] as JsonValue;
      const below = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (name.length >= SHORTEST_NAME) texts.push({ at: below, key: '', text: name });
      if (!isBinaryContent(inner, name, member))
        visit(member, below, pairName(inner, name) ?? name, depth + 1);
    }
  };
  visit(value, '', '', 1);
  return { texts, complete };
}
