import type { Comparison, Count } from './comparison.ts';
import { acceptanceOf, reasonOf, unexpected } from './reasons.ts';
import type { Result } from './run.ts';

export type Verdict = 'equal' | 'accepted' | 'lost' | 'differs';

/** `differs`: only checks that do not pass directly either came out differently. */
export function verdictOf(pairing: string, comparison: Comparison): Verdict {
  if (unexpected(pairing, comparison).length > 0) return 'lost';
  if (comparison.lost.length > 0) return 'accepted';
  return comparison.other.length > 0 ? 'differs' : 'equal';
}

/** One line for each scenario, one column for each pairing. */
export function tableOf(results: readonly Result[]): { headers: string[]; rows: string[][] } {
  const pairings = [...new Set(results.map(({ pairing }) => pairing))];
  const lines = new Map<string, string[]>();
  for (const { pairing, revision, comparisons } of results) {
    for (const comparison of comparisons) {
      const key = `${revision} ${comparison.scenario}`;
      const line = lines.get(key) ?? [
        revision,
        comparison.scenario,
        counted(comparison.direct),
        ...pairings.map(() => ''),
      ];
      line[3 + pairings.indexOf(pairing)] =
        `${counted(comparison.through)} ${verdictOf(pairing, comparison)}`;
      lines.set(key, line);
    }
  }
  const rows = [...lines.values()].sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0));
  return { headers: ['revision', 'scenario', 'direct', ...pairings], rows };
}

/** A table in columns of equal width, for the terminal. */
export function columns(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headers, ...rows];
  const widths = headers.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)));
  return all
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What was lost, a line for each check. */
export function lossesOf({ pairing, revision, comparisons }: Result): readonly string[] {
  return comparisons.flatMap((comparison) =>
    unexpected(pairing, comparison).map(({ check, direct, through, message }) => {
      const place = `${pairing} ${revision} ${comparison.scenario}`;
      return `${place}: ${check} is ${through}, directly ${direct}${message && `: ${firstLine(message)}`}`;
    }),
  );
}

/** The suite quotes whole messages, one a line. */
function firstLine(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return line.length > 200 ? `${line.slice(0, 200)}...` : line;
}

/** What differs for a reason, and what does not pass directly either: revision, scenario, check, reason. */
export function explained(results: readonly Result[]): string[][] {
  const rows = new Map<string, string[]>();
  for (const { pairing, revision, comparisons } of results) {
    for (const { scenario, direct, lost } of comparisons) {
      const reason = direct.passed < direct.of ? reasonOf(scenario) : undefined;
      if (reason !== undefined) rows.set(`${revision} ${scenario}`, [revision, scenario, 'all', reason]);
      for (const difference of lost) {
        const why = acceptanceOf(pairing, scenario, difference)?.why;
        if (why === undefined) continue;
        rows.set(`${revision} ${difference.id}`, [revision, scenario, difference.id, why]);
      }
    }
  }
  return [...rows.values()];
}

export function total(counts: readonly Count[]): Count {
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    of: counts.reduce((sum, { of }) => sum + of, 0),
  };
}

export function counted({ passed, of }: Count): string {
  return `${passed}/${of}`;
}
