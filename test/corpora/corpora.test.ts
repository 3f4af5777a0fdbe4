import { afterAll, describe, expect, it } from 'vitest';
import { present } from './corpus.ts';
import { type Measured, measure } from './measure.ts';
import { PLAN } from './plan.ts';
import { kindsOf, rateOf, tableOf } from './report.ts';

const measured: Measured[] = [];

if (!present)
  console.warn(
    'CORPORA NOT PRESENT: nothing was measured (expected beside the repository, in shared/corpora)',
  );

describe.skipIf(!present)(`guards on labelled corpora${present ? '' : ' (NOT PRESENT)'}`, () => {
  it.each(PLAN)('reach on $name what they have reached', (plan) => {
    const halves = measure(plan);
    measured.push(...halves);
    const heldOut = halves.find(({ half }) => half === 'held-out');
    if (heldOut === undefined) throw new Error('there is a held-out half');
    expect(heldOut.recall.of + heldOut.falsePositives.of).toBeGreaterThan(0);
    expect(rateOf(heldOut.recall)).toBeGreaterThanOrEqual(plan.floor ?? 0);
    expect(rateOf(heldOut.falsePositives)).toBeLessThanOrEqual(plan.ceiling ?? 1);
  });

  afterAll(() => {
    console.log(`${tableOf(measured)}\n\n${kindsOf(measured)}`);
  });
});
