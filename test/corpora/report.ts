import type { Measured, Share } from './measure.ts';

/** The measurements as a Markdown table, one line for each corpus and half. */
export function tableOf(measured: readonly Measured[]): string {
  const lines = measured.map(
    ({ name, half, recall, falsePositives, microsecondsPerKb }) =>
      `| ${name} | ${half} | ${shareText(recall)} | ${shareText(falsePositives)} | ${microsecondsPerKb.toFixed(0)} |`,
  );
  return ['| corpus | half | found | false alarms | us/KB |', '|---|---|---|---|---|', ...lines].join('\n');
}

/** What was found of each kind of attack, both halves together. */
export function kindsOf(measured: readonly Measured[]): string {
  return [...Map.groupBy(measured, ({ name }) => name)]
    .map(([name, halves]) => {
      const kinds = new Map<string, { hits: number; of: number }>();
      for (const [kind, { hits, of }] of halves.flatMap(({ byKind }) => [...byKind])) {
        const known = kinds.get(kind) ?? { hits: 0, of: 0 };
        kinds.set(kind, { hits: known.hits + hits, of: known.of + of });
      }
      const parts = [...kinds]
        .filter(([kind]) => kind !== '')
        .map(([kind, { hits, of }]) => `${kind} ${hits}/${of}`);
      return parts.length === 0 ? '' : `${name}: ${parts.join(', ')}`;
    })
    .filter((line) => line !== '')
    .join('\n');
}

export function rateOf({ hits, of }: Share): number {
  return of === 0 ? 0 : hits / of;
}

function shareText(share: Share): string {
  return share.of === 0 ? '' : `${share.hits}/${share.of} (${(100 * rateOf(share)).toFixed(1)} %)`;
}
