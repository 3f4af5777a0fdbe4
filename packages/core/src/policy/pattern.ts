import { RE2JS } from 're2js';
import { MAX_PATTERN_LENGTH, type TextTest } from './glob.ts';

/** Longest text that a pattern is run on, in UTF-16 units. */
export const MAX_MATCHED_LENGTH = 16_384;

/** Compiling takes a hundred times what anything else of a rule does, and each is compiled to be checked and to be used. */
const compiled = new Map<string, TextTest>();
const MAX_REMEMBERED = 1000;

/**
 * Compiles an RE2 pattern: time linear in the text, found anywhere in it unless anchored. Answers
 * the fault in words when the pattern is refused.
 */
export function compilePattern(source: string): TextTest | string {
  if (source.length > MAX_PATTERN_LENGTH) return `longer than ${MAX_PATTERN_LENGTH} characters`;
  const known = compiled.get(source);
  if (known !== undefined) return known;
  try {
    const pattern = RE2JS.compile(source);
    const test: TextTest = (text) => pattern.test(text);
    if (compiled.size >= MAX_REMEMBERED) compiled.clear();
    compiled.set(source, test);
    return test;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'not a pattern';
  }
}
