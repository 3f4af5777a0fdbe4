import { rarePairs } from './rare-pairs.ts';

/**
 * How much of a value looks drawn at random: how often it changes between cases, letters and digits, and how many of its
 * pairs of letters no word has. Parts that people write (`eu`, `west2`, `2024`, `Node18`) count nothing. Takes time
 * linear in the value.
 */
export function drawnness(value: string): number {
  let score = 0;
  for (const segment of value.match(SEGMENTS) ?? []) {
    const rare = rarePairs(segment);
    if (WRITTEN.test(segment)) {
      if (rare >= LEAST_RARE) score += rare;
      continue;
    }
    const parts = segment.match(PARTS)?.length ?? 0;
    if (HEX.test(segment) || parts + rare >= LEAST_DENSITY * segment.length) score += parts + rare;
  }
  return score;
}

const SEGMENTS = /[A-Za-z0-9]+/g;
/** A word, an acronym, a number, or one with a number behind or before it. */
const WRITTEN = /^(?:[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+[a-z]*|\d+[A-Z]+)$/;
const PARTS = /[A-Z]?[a-z]{1,64}|[A-Z]{1,64}(?![a-z])|\d{1,64}/g;
/** No word is so long and of these letters alone. */
const HEX = /^(?:[a-f0-9]{16,}|[A-F0-9]{16,})$/;
/** So many pairs of letters that no words have tell a run of letters from a word. */
const LEAST_RARE = 3;
/** Of changes to characters: words in camel case have one in four. */
const LEAST_DENSITY = 0.43;
