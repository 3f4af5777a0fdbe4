import type { Measured, Share } from './measure.ts';

/** The measurements as rows of a table, one for each corpus and half. */
export const HEADERS = [
  'corpus',
  'half',
  'found',
  'false alarms',
  'questions',
  'us/KB p50',
  'us/KB p99',
  'slowest ms',
];

export function rowOf(measured: Measured): readonly string[] {
  const { name, half, recall, falsePositives, questions, microsecondsPerKb, slowestMs } = measured;
  return [
    name,
    half,
    shareText(recall),
    shareText(falsePositives),
    questions.hits === 0 ? '' : shareText(questions),
    quantileOf(microsecondsPerKb, 0.5).toFixed(0),
    quantileOf(microsecondsPerKb, 0.99).toFixed(0),
    slowestMs.toFixed(1),
  ];
}

/** Kinds and findings that are told for one corpus and half. */
const MOST = 5;

/** What was missed of each kind of attack: the kinds of which most was. */
export function missedKinds(measured: readonly Measured[]): readonly (readonly string[])[] {
  return measured.flatMap(({ name, half, byKind }) =>
    [...byKind]
      .map(([kind, { hits, of }]) => ({ kind, missed: of - hits, of }))
      .filter(({ missed }) => missed > 0)
      .toSorted((a, b) => b.missed - a.missed)
      .slice(0, MOST)
      .map(({ kind, missed, of }) => [name, half, nameOf(kind), `${missed} of ${of}`]),
  );
}

/** Without the folders of whoever collected it. */
function nameOf(kind: string): string {
  return (
    kind
      .split('/')
      .at(-1)
      ?.replace(/(?:\.test)?\.(?:ts|toml)$/, '') || '(none given)'
  );
}

/** What harmless cases were stopped for, the most frequent first. */
export function alarmKinds(measured: readonly Measured[]): readonly (readonly string[])[] {
  return measured.flatMap(({ name, half, alarms }) =>
    [...alarms]
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, MOST)
      .map(([id, count]) => [name, half, id, String(count)]),
  );
}

export function rateOf({ hits, of }: Share): number {
  return of === 0 ? 0 : hits / of;
}

function shareText(share: Share): string {
  return share.of === 0 ? '' : `${share.hits} of ${share.of} (${(100 * rateOf(share)).toFixed(1)} %)`;
}

function quantileOf(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
