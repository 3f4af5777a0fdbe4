import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findPersonalData } from '../../../src/inspect/pii/find-personal-data.ts';
import { PII_KINDS, type PiiKind } from '../../../src/policy/rule.ts';

// Labelled cases that are measured, not kept: beside the repository when they are there.
const CORPORA = new URL('../../../../../../shared/corpora/', import.meta.url);
const present = existsSync(CORPORA);

interface GoldSpan {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

interface Row {
  readonly label: string;
  readonly input: { readonly text?: string; readonly value?: string };
  readonly expect?: {
    readonly spans?: readonly GoldSpan[];
    readonly format?: string;
    readonly country?: string;
    readonly args?: unknown;
  };
}

function rows(file: string): readonly Row[] {
  const lines = readFileSync(new URL(file, CORPORA), 'utf8').trim().split('\n');
  return lines.map((line): Row => JSON.parse(line));
}

const GOLD: Readonly<Record<string, PiiKind>> = {
  EMAIL_ADDRESS: 'email',
  PHONE_NUMBER: 'phone',
  CREDIT_CARD: 'card',
  IBAN_CODE: 'iban',
  US_SSN: 'ssn',
  IP_ADDRESS: 'ip',
};

/** Recall counts exact spans; precision counts what touches a gold span of its kind. */
function score(file: string) {
  const scores = Object.fromEntries(
    PII_KINDS.map((kind) => [kind, { gold: 0, exact: 0, found: 0, right: 0 }]),
  );
  const of = (kind: PiiKind) => scores[kind] ?? { gold: 0, exact: 0, found: 0, right: 0 };
  for (const { input, expect: expected } of rows(file)) {
    const found = findPersonalData(input.text ?? '', PII_KINDS);
    const gold = (expected?.spans ?? []).filter(({ type }) => type in GOLD);
    for (const span of gold) {
      const kind = GOLD[span.type] as PiiKind;
      of(kind).gold++;
      if (found.some((f) => f.kind === kind && f.start === span.start && f.end === span.end))
        of(kind).exact++;
    }
    for (const { kind, start, end } of found) {
      of(kind).found++;
      if (gold.some((g) => GOLD[g.type] === kind && g.start < end && start < g.end)) of(kind).right++;
    }
  }
  return scores;
}

/** Share of the values of a format that are taken as a whole to be of a kind. */
function taken(file: string, format: string, kind: PiiKind, label: string): number {
  // Rows with options ask for other readings of the same value.
  const values = rows(file).filter(
    (row) => row.expect?.format === format && row.label === label && (row.expect.args ?? null) === null,
  );
  const hits = values.filter(({ input: { value = '' } }) =>
    findPersonalData(value, PII_KINDS).some((f) => f.kind === kind && f.end - f.start === value.length),
  );
  expect(values.length).toBeGreaterThan(0);
  return hits.length / values.length;
}

const FLOORS: readonly (readonly [file: string, recall: Readonly<Partial<Record<PiiKind, number>>>])[] = [
  ['pii-presidio-research/generated_large.jsonl', { phone: 0.97 }],
  ['pii-presidio-research/synth_v2.jsonl', { card: 0.97 }],
];

describe.skipIf(!present)(`personal data in labelled corpora${present ? '' : ' (not present)'}`, () => {
  it.each(FLOORS)('is found in %s with the recall and precision that were reached', (file, recall) => {
    const below = Object.entries(score(file)).filter(
      ([kind, { gold, exact, found, right }]) =>
        gold > 0 && !(exact / gold >= (recall[kind as PiiKind] ?? 1) && right === found),
    );
    expect(below).toEqual([]);
  });

  it('takes international telephone numbers of all countries', () => {
    expect(taken('pii-phone/cases.jsonl', 'PHONE', 'phone', 'positive')).toBeGreaterThanOrEqual(0.99);
  });

  it.each([
    ['EMAIL', 'email', 1, 0.1],
    ['IBAN', 'iban', 1, 0],
    ['CREDIT_CARD', 'card', 1, 0],
  ] as const)('judges bare values of %s like another validator', (format, kind, positive, negative) => {
    const file = 'pii-validatorjs/cases.jsonl';
    expect(taken(file, format, kind, 'positive')).toBeGreaterThanOrEqual(positive);
    expect(taken(file, format, kind, 'negative')).toBeLessThanOrEqual(negative);
  });

  it.each([
    ['sql-benign-queries/cases.jsonl', 0],
    ['path-traversal/cases.jsonl', 0],
    ['jailbreakbench/cases.jsonl', 0],
    // A card and an identity number of other finders' tests.
    ['secrets-hard-negatives/cases.jsonl', 2],
    ['tldr/cases.jsonl', 0],
    ['nl2bash/cases.jsonl', 0],
  ])('finds no numbers of people in %s, where there are none', (file, most) => {
    // Addresses of machines and of people are really there; card numbers and the like are not.
    const kinds = ['card', 'iban', 'ssn', 'national_id', 'phone'];
    const found = rows(file).flatMap(({ input }) =>
      Object.values(input).flatMap((value) =>
        typeof value === 'string' ? findPersonalData(value, kinds).map(({ kind }) => kind) : [],
      ),
    );
    expect(found.length).toBeLessThanOrEqual(most);
  });
});
