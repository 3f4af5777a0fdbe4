import type { JsonValue } from '@aegis/core';

/** What a value takes beside the characters of its strings, roughly. */
const VALUE_CHARS = 4;

/** A number from here on can be one of a person, and is looked at like a text. */
const LONG_NUMBER = 1e6;
const LONG_NUMBER_CHARS = 16;

/** Whether a value has at most so many characters, in UTF-16 units: as JSON has them, but for its escapes. */
export function isShort(value: JsonValue, maxChars: number): boolean {
  return leftAfter(value, maxChars) >= 0;
}

/** What is left of so many characters; negative as soon as they are known not to be enough. */
function leftAfter(value: JsonValue, chars: number): number {
  let left = chars - VALUE_CHARS;
  if (typeof value === 'string') return left - value.length;
  if (typeof value === 'number') return Math.abs(value) < LONG_NUMBER ? left : left - LONG_NUMBER_CHARS;
  if (typeof value !== 'object' || value === null) return left;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && left >= 0; i++) left = leftAfter(value[i] as JsonValue, left);
    return left;
  }
  for (const [key, member] of Object.entries(value)) {
    if (left < 0) return left;
    left = leftAfter(member, left - key.length);
  }
  return left;
}
