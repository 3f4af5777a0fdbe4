import type { Attempt } from './attempt.ts';
import type { Journal } from './canary/journal.ts';
import { type Door, nameOf } from './door/door.ts';
import { type Gateway, Ground } from './ground.ts';
import { make } from './make.ts';
import type { Result, Row } from './report.ts';

/** What a gateway was found to have, and how it did there. */
export interface Trial {
  readonly doors: readonly Door[];
  /** Doors without a way in, and why. */
  readonly closed: readonly string[];
  readonly rows: readonly Row[];
}

/** Makes every attempt at every door that a gateway has. */
export async function tryAll(
  gateway: Gateway,
  journal: Journal,
  doors: readonly Door[],
  attempts: readonly Attempt[],
): Promise<Trial> {
  const open: Door[] = [];
  const closed: string[] = [];
  const rows = attempts.map(({ id, mistake }) => ({
    attempt: id,
    mistake,
    results: new Map<string, Result>(),
  }));
  for (const door of doors) {
    const ground = new Ground(gateway, door, journal);
    const problem = await ground.open();
    if (problem === undefined) {
      open.push(door);
      for (const [at, attempt] of attempts.entries()) {
        rows[at]?.results.set(nameOf(door), await resultOf(ground, attempt));
      }
    } else closed.push(`${nameOf(door)}: ${problem}`);
    await ground.close();
  }
  return { doors: open, closed, rows };
}

async function resultOf(ground: Ground, attempt: Attempt): Promise<Result> {
  const { doors, needs = [] } = attempt;
  if (doors?.(ground.door) === false || needs.some((need) => !ground.offers.has(need)))
    return { kind: 'not made' };
  try {
    const { bypasses, laxities } = await make(ground, attempt);
    if (bypasses.length > 0) return { kind: 'bypass', words: bypasses };
    return laxities.length > 0 ? { kind: 'lax', words: laxities } : { kind: 'held' };
  } catch (error) {
    // A gateway that lets no client in any more does not work any more.
    return { kind: 'bypass', words: [error instanceof Error ? error.message : String(error)] };
  }
}
