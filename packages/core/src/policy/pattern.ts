import { RE2JS } from 're2js';
import { MAX_PATTERN_LENGTH, type TextTest } from './glob.ts';

/** Longest text that a pattern is run on, in UTF-16 units. */
export const MAX_MATCHED_LENGTH = 16_384;

/**
 * Compiles an RE2 pattern: time linear in the text, found anywhere in it unless anchored. Answers
 * the fault in words when the pattern is refused.
 */
export function compilePattern(source: string): TextTest | string {
  if (source.length > MAX_PATTERN_LENGTH) return `longer than ${MAX_PATTERN_LENGTH} characters`;
  try {
    const pattern = RE2JS.compile(source);
    return (text) => pattern.test(text);
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'not a pattern';
  }
}
