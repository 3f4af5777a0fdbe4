import { RE2JS } from 're2js';
import { MAX_PATTERN_LENGTH } from '../../policy/glob.ts';
import { PII_KINDS } from '../../policy/rule.ts';
import type { Span } from '../text/span.ts';

/**
 * What becomes of a value that a pattern matches: `mask` and `redact` in results, `block` in calls and results,
 * `block_and_redact` blocks calls and is redacted in results.
 */
export const PATTERN_ACTIONS = ['mask', 'redact', 'block', 'block_and_redact'] as const;
export type PatternAction = (typeof PATTERN_ACTIONS)[number];

/** A form of personal data that only whoever wrote the configuration knows. */
export interface PersonalPattern {
  readonly name: string;
  /** RE2: time linear in the text, found anywhere in it. */
  readonly pattern: string;
  readonly action: PatternAction;
}

export interface CompiledPattern extends PersonalPattern {
  /** Where it matches, in order and without overlaps. */
  readonly find: (text: string) => readonly Span[];
}

/** Whether a call that holds such a value is denied. */
export function blocksCalls({ action }: Pick<PersonalPattern, 'action'>): boolean {
  return action === 'block' || action === 'block_and_redact';
}

/** Names that findings and masks have already. */
const TAKEN: ReadonlySet<string> = new Set<string>([...PII_KINDS, 'secret', 'known', 'too-deep']);

/** Compiles a pattern; answers in words what is wrong with it. */
export function compilePersonalPattern(personal: PersonalPattern): CompiledPattern | string {
  const { name, pattern } = personal;
  if (TAKEN.has(name)) return `\`${name}\` is the name of a kind already`;
  if (pattern.length > MAX_PATTERN_LENGTH) return `longer than ${MAX_PATTERN_LENGTH} characters`;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'not a pattern';
  }
  if (compiled.test('')) return 'it matches the empty text, and so every text';
  return { ...personal, find: (text) => spansOf(compiled, text) };
}

function spansOf(pattern: RE2JS, text: string): readonly Span[] {
  // Whether it matches at all is known much faster than where.
  if (!pattern.test(text)) return NOWHERE;
  const spans: Span[] = [];
  const matcher = pattern.matcher(text);
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    // Boundaries and the like can match nothing at a place.
    if (end > start) spans.push({ start, end });
  }
  return spans;
}

const NOWHERE: readonly Span[] = [];
