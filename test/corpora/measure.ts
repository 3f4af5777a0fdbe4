import type { InspectPlatform, Judgement } from '@aegis/core';
import { judgeLine } from '../../packages/aegis/src/cli/inspect/judge-line.ts';
import { type Case, casesOf, type Half, halfOf, isAttack, textOf } from './corpus.ts';
import type { Measurement } from './plan.ts';
import { isQuestion } from './question.ts';

export interface Share {
  readonly hits: number;
  readonly of: number;
}

/** Of one case after another, the fastest of the rounds; a text below one KB counts as one. */
interface Times {
  readonly microsecondsPerKb: readonly number[];
  readonly slowestMs: number;
}

export interface Measured extends Times {
  readonly name: string;
  readonly half: Half;
  /** Attacks, and credentials, that were stopped. */
  readonly recall: Share;
  /** Harmless cases that were stopped. */
  readonly falsePositives: Share;
  /** Harmless cases that were stopped only because nobody can know what they do. */
  readonly questions: Share;
  /** By the kind of attack, what was stopped. */
  readonly byKind: ReadonlyMap<string, Share>;
  /** What the harmless cases were stopped for, each finding as often as it stopped one. */
  readonly alarms: ReadonlyMap<string, number>;
}

interface Judged {
  readonly row: Case;
  readonly judgement: Judgement;
  readonly stopped: boolean;
}

/**
 * Holds every case of a corpus against its inspector, each half by itself; undefined where it is not there. Each case
 * is timed as often as there are rounds.
 */
export function measure(
  plan: Measurement,
  platform: InspectPlatform,
  rounds = 1,
): readonly Measured[] | undefined {
  const all = casesOf(plan.file);
  if (all === undefined) return undefined;
  const cases = all.filter((row) => plan.leaveOut?.(row, all) !== true).map((row) => plan.as?.(row) ?? row);
  const halves = ['development', 'held-out'] as const;
  return halves.map((half) =>
    measureHalf(
      plan,
      cases.filter((row) => halfOf(row) === half),
      half,
      { platform, rounds },
    ),
  );
}

function measureHalf(
  { name, kind, direction = 'result', stops }: Measurement,
  rows: readonly Case[],
  half: Half,
  { platform, rounds }: { readonly platform: InspectPlatform; readonly rounds: number },
): Measured {
  const perKb: number[] = [];
  let slowestMs = 0;
  const judged = rows.map((row): Judged => {
    const line = JSON.stringify(row);
    let answer = judgeLine(line, { platform, direction });
    let fastest = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      answer = judgeLine(line, { platform, direction });
      fastest = Math.min(fastest, performance.now() - started);
    }
    if ('error' in answer) throw new Error(`${row.id}: ${answer.error}`);
    perKb.push((fastest * 1000) / Math.max(1, textOf(row).length / 1024));
    slowestMs = Math.max(slowestMs, fastest);
    return { row, judgement: answer, stopped: stops?.(row) ?? answer.verdict === 'block' };
  });
  const attacks = judged.filter(({ row }) => isAttack(row));
  const harmless = judged.filter(({ row }) => !isAttack(row));
  const stopped = harmless.filter((one) => one.stopped);
  const asked = stopped.filter(({ judgement }) => isQuestion(judgement));
  return {
    name,
    half,
    recall: shareOf(attacks),
    falsePositives: { hits: stopped.length - asked.length, of: harmless.length },
    questions: { hits: asked.length, of: harmless.length },
    byKind: byKind(attacks, kind),
    alarms: countOf(stopped.flatMap(({ judgement }) => idsOf(judgement))),
    microsecondsPerKb: perKb,
    slowestMs,
  };
}

function idsOf({ findings }: Judgement): readonly string[] {
  return [...new Set(findings.map(({ id }) => id))];
}

function byKind(attacks: readonly Judged[], kind: string | undefined): ReadonlyMap<string, Share> {
  if (kind === undefined) return new Map();
  const groups = Map.groupBy(attacks, ({ row }) => kindOf(row, kind));
  return new Map([...groups].map(([name, some]) => [name, shareOf(some)]));
}

function kindOf({ meta, expect }: Case, kind: string): string {
  return String(meta[kind] ?? (expect as Readonly<Record<string, unknown>> | undefined)?.[kind] ?? '');
}

function countOf(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(ids, (id) => id)].map(([id, all]) => [id, all.length]));
}

function shareOf(judged: readonly Judged[]): Share {
  return { hits: judged.filter(({ stopped }) => stopped).length, of: judged.length };
}
