import { afterAll, describe, expect, it } from 'vitest';
import { markdownTable } from '../../bench/report.ts';
import { actions } from './actions.ts';
import { controlPlane } from './control-plane.ts';
import { type PrintedDocument, pieceOf, present, textOf } from './document.ts';
import { gateway } from './gateway.ts';
import { kernel } from './kernel.ts';
import { tiers } from './tiers.ts';

const DOCUMENTS: readonly PrintedDocument[] = [tiers, kernel, controlPlane, actions, gateway];

if (!present)
  console.warn(
    'SEEDS NOT PRESENT: nothing printed was run (expected beside the repository, in shared/seeds)',
  );

/** By what was tried, what became of it. */
const outcomes = new Map<string, string>();

describe.skipIf(!present).each(DOCUMENTS)('what is printed of $name', (document) => {
  it.each(document.printed)(
    '$becomes.kind: $what',
    async ({ what, found, requirement, becomes }) => {
      const printed = pieceOf(textOf(document), found);
      const key = `${document.name}: ${what}`;
      outcomes.set(key, `failed (${requirement})`);
      if (becomes.kind === 'missing') {
        expect(await becomes.isThere(printed), 'it is there now: run it').toBe(false);
        outcomes.set(key, `missing: ${requirement}`);
        return;
      }
      await becomes.run(printed);
      outcomes.set(key, becomes.kind === 'runs' ? 'runs' : `otherwise: ${becomes.why}`);
    },
    60_000,
  );
});

afterAll(() => {
  if (outcomes.size === 0) return;
  const count = (kind: string): number => [...outcomes.values()].filter((one) => one.startsWith(kind)).length;
  const table = markdownTable(['printed', 'becomes'], [...outcomes]);
  console.log(
    `${table}\n\n${count('runs')} of ${outcomes.size} printed things run, ${count('otherwise')} are otherwise, ${count('missing')} are missing`,
  );
});
