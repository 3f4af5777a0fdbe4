import { readFileSync } from 'node:fs';
import { type ContentScan, NO_KNOWN_VALUES, scanContentAtOnce } from '@aegis/core';

const LENGTH = 4096;
const ROUNDS = 15;
const MOST = 400;

const EVERYTHING: ContentScan = {
  direction: 'result',
  text: true,
  secrets: true,
  personal: [],
  known: NO_KNOWN_VALUES,
};

/** What every inspector of content together takes for 4 KiB of what tools answer, in milliseconds; undefined without a corpus. */
export function fourKib(
  corpus: URL,
): { readonly p50: number; readonly p99: number; readonly texts: number } | undefined {
  let lines: readonly string[];
  try {
    lines = readFileSync(corpus, 'utf8').trim().split('\n');
  } catch {
    return undefined;
  }
  const all = lines.map((line) => String(JSON.parse(line).input.text)).join('\n');
  const texts = Array.from({ length: Math.min(MOST, Math.floor(all.length / LENGTH)) }, (_, i) =>
    all.slice(i * LENGTH, (i + 1) * LENGTH),
  );
  const fastest = texts.map((text) => Math.min(...Array.from({ length: ROUNDS }, () => timed(text))));
  const sorted = fastest.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), texts: texts.length };
}

function timed(text: string): number {
  const started = performance.now();
  scanContentAtOnce({ content: [{ type: 'text', text }] }, EVERYTHING);
  return performance.now() - started;
}
