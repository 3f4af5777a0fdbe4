import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inspectDefinition } from '../../../src/inspect/definition/inspect-definition.ts';
import { inspectText } from '../../../src/inspect/prompt/inspect-text.ts';
import { score } from '../../../src/inspect/score.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { JsonObject, JsonValue } from '../../../src/model/json.ts';
import { isHeldOut, toolOfLine } from './tool-line.ts';

/** One case, and what tells its half: patterns are made on the one and must hold on the other. */
interface Case {
  readonly key: string;
  readonly findings: () => readonly Finding[];
}

function linesOf(file: string): readonly JsonValue[] {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line): JsonValue => JSON.parse(line));
}

const toolsOf = (file: string): readonly Case[] =>
  linesOf(file).map((line) => {
    const tool = toolOfLine(line as JsonObject);
    return { key: JSON.stringify(tool), findings: () => inspectDefinition(tool) };
  });

const textsOf = (file: string): readonly Case[] =>
  linesOf(file).map((line) => {
    const text = String(line);
    return { key: text, findings: () => inspectText(text, { place: '', direction: 'result' }) };
  });

const isStopped = ({ findings }: Case): boolean =>
  score({ findings: findings(), capabilities: [], tainted: false, denied: 0 }).value >= 70;

const SETS = [
  { name: 'poisoned definitions', cases: toolsOf('poisoned-tools.jsonl'), attack: true },
  { name: 'harmless definitions', cases: toolsOf('harmless-tools.jsonl'), attack: false },
  { name: 'injected texts', cases: textsOf('injected-texts.jsonl'), attack: true },
  { name: 'harmless texts', cases: textsOf('harmless-texts.jsonl'), attack: false },
] as const;

/** What each half has reached: the fewest attacks that are found, the most harmless cases that are stopped. */
const REACHED: Readonly<Record<string, readonly [development: number, heldOut: number]>> = {
  'poisoned definitions': [0.8, 0.77],
  'harmless definitions': [0, 0.05],
  'injected texts': [0.85, 0.5],
  'harmless texts': [0, 0.07],
};

describe('cases from outside the corpora', () => {
  it.each(
    SETS.flatMap((set) => [
      { ...set, half: 'development' },
      { ...set, half: 'held-out' },
    ]),
  )('$name, $half half: as many are stopped as have been', ({ name, cases, attack, half }) => {
    const mine = cases.filter((one) => isHeldOut(one.key) === (half === 'held-out'));
    const stopped = mine.filter(isStopped);
    const share = stopped.length / mine.length;
    const [development = 0, heldOut = 0] = REACHED[name] ?? [];
    const reached = half === 'held-out' ? heldOut : development;
    console.log(`${name}, ${half}: ${stopped.length} of ${mine.length}`);
    expect(mine.length).toBeGreaterThan(25);
    if (attack) expect(share).toBeGreaterThanOrEqual(reached);
    else expect(share).toBeLessThanOrEqual(reached);
  });
});

describe('definitions of authors whom nothing was made with', () => {
  it.each([
    { author: 'stranger', name: 'poisoned', least: 0.7, most: 1 },
    { author: 'stranger', name: 'harmless', least: 0, most: 0.076 },
    { author: 'outsider', name: 'poisoned', least: 0.48, most: 1 },
    { author: 'outsider', name: 'harmless', least: 0, most: 0.021 },
  ])('$author, $name: as many are stopped as have been', ({ author, name, least, most }) => {
    const cases = toolsOf(`${author}-${name}-tools.jsonl`);
    const stopped = cases.filter(isStopped).length;
    console.log(`definitions of the ${author}, ${name}: ${stopped} of ${cases.length}`);
    expect(cases.length).toBeGreaterThan(150);
    expect(stopped / cases.length).toBeGreaterThanOrEqual(least);
    expect(stopped / cases.length).toBeLessThanOrEqual(most);
  });
});
