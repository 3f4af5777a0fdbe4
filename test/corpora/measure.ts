import { type Case, casesOf, type Half, halfOf } from './corpus.ts';
import { textOf } from './guards.ts';
import type { Measurement } from './plan.ts';

export interface Share {
  readonly hits: number;
  readonly of: number;
}

export interface Measured {
  readonly name: string;
  readonly half: Half;
  /** Attacks, and credentials, that were found. */
  readonly recall: Share;
  /** Harmless cases that were stopped. */
  readonly falsePositives: Share;
  readonly byKind: ReadonlyMap<string, Share>;
  /** Microseconds of processor time for a KB of text, over all cases, warm. */
  readonly microsecondsPerKb: number;
}

/** Holds every case of a corpus against a guard, each half by itself. */
export function measure({ name, file, guard, kind, leaveOut }: Measurement): readonly Measured[] {
  const cases = casesOf(file).filter((row) => leaveOut?.(row) !== true);
  return (['development', 'held-out'] as const).map((half) => {
    const rows = cases.filter((row) => halfOf(row) === half);
    for (const { input } of rows) guard(input);
    const started = performance.now();
    const judged = rows.map((row) => ({ row, stopped: guard(row.input) }));
    const elapsed = performance.now() - started;
    const kb = rows.reduce((sum, { input }) => sum + textOf(input).length, 0) / 1024;
    const attacks = judged.filter(({ row }) => isAttack(row));
    return {
      name,
      half,
      recall: shareOf(attacks),
      falsePositives: shareOf(judged.filter(({ row }) => !isAttack(row))),
      byKind: new Map(
        [...Map.groupBy(attacks, ({ row }) => (kind === undefined ? '' : String(row.meta[kind] ?? '')))].map(
          ([name, some]) => [name, shareOf(some)],
        ),
      ),
      microsecondsPerKb: (elapsed * 1000) / kb,
    };
  });
}

function isAttack({ label }: Case): boolean {
  return label === 'attack' || label === 'positive';
}

function shareOf(judged: readonly { readonly stopped: boolean }[]): Share {
  return { hits: judged.filter(({ stopped }) => stopped).length, of: judged.length };
}
