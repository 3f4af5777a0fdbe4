import { describe, expect, it } from 'vitest';
import { type Tried, tryFolder } from './policies.ts';

const TIERS = ['shield', 'developer', 'sentinel', 'strict', 'development', 'financial'] as const;

/** What becomes of a call: in shadow it goes on. */
function outcome({ explanation: { decision } }: Tried): string {
  return decision.mode === 'shadow' ? 'allow' : decision.effect;
}

const RANK = ['allow', 'require_approval', 'deny'];

async function outcomesOf(tier: string): Promise<ReadonlyMap<string, string>> {
  const { tried } = await tryFolder(`tiers/${tier}`);
  return new Map(tried.map((one) => [one.policyCase.name, outcome(one)]));
}

describe('the tiers', () => {
  it('are tried on the same calls', async () => {
    const [first, ...others] = await Promise.all(
      TIERS.map(async (tier) =>
        (await tryFolder(`tiers/${tier}`)).tried.map(({ policyCase: { name, call } }) => ({ name, call })),
      ),
    );
    for (const other of others) expect(other).toEqual(first);
  });

  it('differ in what becomes of them, each from each', async () => {
    const all = await Promise.all(TIERS.map(outcomesOf));
    const kinds = new Set(all.map((outcomes) => JSON.stringify([...outcomes])));
    expect(kinds.size).toBe(TIERS.length);
  });

  it('shield stops nothing', async () => {
    expect(new Set((await outcomesOf('shield')).values())).toEqual(new Set(['allow']));
  });

  it.each([
    ['developer', 'shield'],
    ['sentinel', 'developer'],
  ])('%s lets no call through that %s would not', async (stricter, milder) => {
    const [strict, mild] = [await outcomesOf(stricter), await outcomesOf(milder)];
    for (const [name, effect] of strict) {
      expect(RANK.indexOf(effect), name).toBeGreaterThanOrEqual(RANK.indexOf(mild.get(name) ?? ''));
    }
  });
});
