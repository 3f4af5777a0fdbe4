import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type InspectedKind, type InspectPlatform, type Judgement, judge } from '@aegis/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openInspectors } from '../../src/daemon/inspection.ts';
import { EVERYDAY_COMMANDS } from './everyday-commands.ts';
import { HOSTILE_COMMANDS } from './hostile-commands.ts';
import { STATEMENTS } from './statements.ts';

let platform: InspectPlatform;

beforeAll(async () => {
  platform = await openInspectors('/srv');
});

const KINDS = [
  'sql',
  'sql-value',
  'shell',
  'shell-value',
  'path',
  'url',
] as const satisfies readonly InspectedKind[];

const CORPORA = fileURLToPath(new URL('../../../../../shared/corpora/', import.meta.url));
const FOLDERS = [
  'agent-shell-guards',
  'command-injection',
  'path-traversal',
  'ssrf',
  'sqli-payloads',
  'sql-hostile-statements',
];

/** Texts that inspectors know something about, from collections where they are there, too. */
function seeds(): readonly string[] {
  const own = [
    ...Object.values(HOSTILE_COMMANDS).flat(),
    ...EVERYDAY_COMMANDS,
    ...STATEMENTS.map(({ sql }) => sql),
    '../..%2f..%5c/etc/passwd',
    'http://user@[::ffff:10.0.0.1]:80/a?b=http://x#c',
  ];
  const collected = FOLDERS.filter((name) => existsSync(`${CORPORA}${name}`)).flatMap((name) =>
    readdirSync(`${CORPORA}${name}`)
      .filter((file) => file.endsWith('.jsonl'))
      .flatMap((file) => readFileSync(`${CORPORA}${name}/${file}`, 'utf8').trim().split('\n'))
      .flatMap((line) => Object.values((JSON.parse(line) as { input: Record<string, unknown> }).input))
      .filter((value) => typeof value === 'string'),
  );
  return [...own, ...collected];
}

/** One seed, damaged: cut, doubled, with pieces of another one in it, or with characters of any kind. */
function damaged(all: readonly string[]): fc.Arbitrary<string> {
  const seed = fc.constantFrom(...all);
  const at = fc.nat(1000);
  return fc.oneof(
    fc.tuple(seed, at).map(([text, cut]) => text.slice(0, cut % (text.length + 1))),
    fc.tuple(seed, at).map(([text, cut]) => text.slice(cut % (text.length + 1))),
    fc.tuple(seed, seed, at).map(([a, b, cut]) => a.slice(0, cut % (a.length + 1)) + b + a),
    fc
      .tuple(seed, fc.string({ unit: 'binary', maxLength: 8 }), at)
      .map(
        ([text, noise, cut]) =>
          text.slice(0, cut % (text.length + 1)) + noise + text.slice(cut % (text.length + 1)),
      ),
    fc.tuple(seed, fc.nat(20)).map(([text, times]) => text.repeat(times)),
  );
}

const failed = ({ findings }: Judgement): boolean => findings.some(({ id }) => id.endsWith('.failed'));

describe('whatever the text', () => {
  it.each(KINDS)(
    'the inspector of %s answers',
    (kind) => {
      fc.assert(
        fc.property(damaged(seeds()), (text) => {
          const judged = judge(kind, text, { platform, direction: 'request' });
          // Of a path the system itself may say that nobody can know where it leads.
          expect(failed(judged)).toBe(kind === 'path' && failed(judged) && judged.verdict === 'block');
        }),
        { numRuns: 1500 },
      );
    },
    120_000,
  );

  it.each(KINDS)(
    'the inspector of %s answers in time about 10 MB',
    (kind) => {
      for (const unit of [
        'a',
        ' ',
        "'",
        '(',
        '$(',
        '../',
        'a.',
        'or 1=1 ',
        'select ',
        ';',
        '\\',
        '%2e',
        '/*',
        '\n',
      ]) {
        const text = unit.repeat(Math.ceil((10 * 1024 * 1024) / unit.length));
        const { verdict, findings } = judge(kind, text, { platform, direction: 'request' });
        expect(['allow', 'block']).toContain(verdict);
        // A value is read at its begin; everything else is refused.
        if (!kind.endsWith('-value')) expect([verdict, findings.length]).toEqual(['block', 1]);
      }
    },
    120_000,
  );
});
