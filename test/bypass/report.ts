import { type Door, nameOf } from './door/door.ts';

/** What one attempt came to at one door. */
export type Result =
  | { readonly kind: 'held' }
  | { readonly kind: 'lax' | 'bypass'; readonly words: readonly string[] }
  /** It means nothing there. */
  | { readonly kind: 'not made' };

/** The results of one attempt, by the name of the door. */
export interface Row {
  readonly attempt: string;
  readonly mistake: string;
  readonly results: ReadonlyMap<string, Result>;
}

const WORDS: Readonly<Record<Result['kind'], string>> = {
  held: 'held',
  lax: 'lax',
  bypass: 'BYPASS',
  'not made': '-',
};

/** One line for each attempt, one column for each door. */
export function tableOf(doors: readonly Door[], rows: readonly Row[]): string {
  const names = doors.map(nameOf);
  const lines = [
    ['attempt', ...names],
    ...rows.map(({ attempt, results }) => [
      attempt,
      ...names.map((name) => WORDS[results.get(name)?.kind ?? 'not made']),
    ]),
  ];
  const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** How the gateway was got round, and where it was lax: some lines for each attempt. */
export function findingsOf(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ attempt, mistake, results }) =>
    (['bypass', 'lax'] as const).flatMap((kind) => {
      const found = [...results].filter(([, result]) => result.kind === kind);
      const [first] = found;
      if (first === undefined) return [];
      const words = 'words' in first[1] ? first[1].words : [];
      const at = found.map(([door]) => door).join(', ');
      return [`${WORDS[kind]}  ${attempt}`].concat(`mistake: ${mistake}`, `at: ${at}`, words).join('\n  ');
    }),
  );
}

export function countOf(rows: readonly Row[], kind: Result['kind']): number {
  return rows.reduce(
    (sum, { results }) => sum + [...results.values()].filter((result) => result.kind === kind).length,
    0,
  );
}
