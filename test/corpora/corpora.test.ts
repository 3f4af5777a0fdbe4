import type { InspectPlatform } from '@aegis/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markdownTable } from '../../bench/report.ts';
import { openInspectors } from '../../packages/aegis/src/daemon/inspection.ts';
import { present, WORKSPACE } from './corpus.ts';
import { type Measured, measure } from './measure.ts';
import { PLAN } from './plan.ts';
import { HEADERS, rateOf, rowOf } from './report.ts';

const measured: Measured[] = [];
let platform: InspectPlatform;

if (!present)
  console.warn(
    'CORPORA NOT PRESENT: nothing was measured (expected beside the repository, in shared/corpora)',
  );

beforeAll(async () => {
  platform = await openInspectors(WORKSPACE);
});

describe.skipIf(!present)(`guards on labelled corpora${present ? '' : ' (NOT PRESENT)'}`, () => {
  it.each(PLAN)('reach on $name what they have reached', (plan) => {
    const halves = measure(plan, platform) ?? [];
    measured.push(...halves);
    const heldOut = halves.find(({ half }) => half === 'held-out');
    if (heldOut === undefined) throw new Error('there is a held-out half');
    expect(heldOut.recall.of + heldOut.falsePositives.of).toBeGreaterThan(0);
    expect(rateOf(heldOut.recall)).toBeGreaterThanOrEqual(plan.floor ?? 0);
    expect(rateOf(heldOut.falsePositives)).toBeLessThanOrEqual(plan.ceiling ?? 1);
    expect(rateOf(heldOut.questions)).toBeLessThanOrEqual(plan.questions ?? 1);
  });

  afterAll(() => {
    console.log(markdownTable(HEADERS, measured.map(rowOf)));
  });
});
