import { numberText } from './decimal.ts';
import { isArray, isNumber, isObject, RegoSet, sortedEntries, type Value } from './value.ts';

/** A value as Rego text: `{"a": [1, "b"]}`, `{1, 2}`, `set()`. */
export function displayText(value: Value): string {
  if (typeof value === 'string') return quoteText(value);
  if (isNumber(value)) return numberText(value);
  if (isArray(value)) return `[${value.map(displayText).join(', ')}]`;
  if (value instanceof RegoSet) {
    return value.size === 0 ? 'set()' : `{${value.sorted().map(displayText).join(', ')}}`;
  }
  if (isObject(value)) {
    const entries = sortedEntries(value).map(([key, item]) => `${displayText(key)}: ${displayText(item)}`);
    return `{${entries.join(', ')}}`;
  }
  return String(value);
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
  '\x07': '\\a',
};

/** A string in double quotes with the escapes of Go's `strconv.Quote`. */
export function quoteText(text: string): string {
  const escaped = text.replace(
    /["\\\u0000-\u001f\u007f]/g,
    (character) => NAMED_ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `"${escaped}"`;
}
