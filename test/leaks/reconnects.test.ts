import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, startDaemon } from '../e2e/aegis.ts';
import { extent, patience } from './extent.ts';
import { createPlace, type Place, type SelfReport } from './place.ts';
import { type Descriptors, descendantsOf, descriptorsOf, processesMarked, residentOf } from './processes.ts';
import { settle } from './settle.ts';
import { type Tally, visit } from './visits.ts';

const VISITS = extent(1_000, 20_000);

/** More than one caller's share of sessions, so that what is kept for clients that left is at its bound. */
const FIRST_VISITS = 400;

/** The server that clients share, what it has started, and the shell that looks after both. */
const CHILDREN = 3;

const MiB = 1024 * 1024;

interface Held extends SelfReport {
  readonly resident: number;
  readonly descriptors: Descriptors;
  readonly children: readonly number[];
  readonly marked: readonly number[];
}

describe.skipIf(process.platform !== 'linux')(`${VISITS} clients that come and go`, () => {
  let place: Place;
  let daemon: Daemon;
  let before: Held;
  let halfway: Held;
  let after: Held;
  const tallies: Tally[] = [];

  beforeAll(async () => {
    place = createPlace(
      ['visitor'],
      [
        { name: 'shared' },
        // The process of a client that is gone without a word stays for so long.
        { name: 'own', keys: { isolation: 'session', idle_ms: 1_000 } },
      ],
    );
    daemon = await startDaemon(place.configuration, place.environment);
    const visits = { url: daemon.url, token: place.tokenOf('visitor'), lanes: 8 };
    await visit({ ...visits, count: FIRST_VISITS, seed: 1, polite: 0 });
    before = await heldBy(daemon, place);
    tallies.push(await visit({ ...visits, count: VISITS / 2, seed: 2, polite: 0.5 }));
    halfway = await heldBy(daemon, place);
    tallies.push(await visit({ ...visits, count: VISITS / 2, seed: 3, polite: 0.5 }));
    after = await heldBy(daemon, place, before.descriptors);
  }, patience(40));

  afterAll(async () => {
    await daemon.stop();
    place.remove();
  });

  it('leave in every way that there is', () => {
    for (const tally of tallies) {
      for (const count of Object.values(tally)) expect(count).toBeGreaterThan(VISITS / 50);
    }
  });

  it('leave no process behind', () => {
    expect(before.children).toHaveLength(CHILDREN);
    expect(after.children).toEqual(before.children);
    // Nor one that has left the family.
    expect(after.children).toEqual(expect.arrayContaining([...after.marked]));
    expect(after.marked).toHaveLength(CHILDREN - 1);
  });

  it('leave no file, pipe, connection or listener open', () => {
    expect(excess(after.descriptors, before.descriptors)).toEqual([]);
    expect(after.descriptors).toMatchObject({ listening: 1, connections: 0 });
    expect(daemon.output()).not.toMatch(/MaxListenersExceeded|Warning:/);
  });

  it('leave no memory in use: the second half holds no more than the first', () => {
    expect(after.heapUsed - halfway.heapUsed).toBeLessThan(MiB);
    expect(after.external - halfway.external).toBeLessThan(MiB);
    expect(after.resident - halfway.resident).toBeLessThan(40 * MiB);
  });
});

/** What the daemon holds once nothing is under way any more, and it holds no more than it did before. */
async function heldBy({ child }: Daemon, place: Place, before?: Descriptors): Promise<Held> {
  const pid = child.pid as number;
  const descriptors = await settle(
    () => descriptorsOf(pid),
    (now) =>
      descendantsOf(pid).length + now.connections <= CHILDREN &&
      (before === undefined || excess(now, before).length === 0),
  );
  return {
    ...(await place.selfReport(pid)),
    resident: residentOf(pid),
    descriptors,
    children: descendantsOf(pid),
    marked: processesMarked(place.marker),
  };
}

/** The names of which more are open now; a process that has just ended leaves its pipes for a moment. */
function excess(now: Descriptors, before: Descriptors): readonly string[] {
  return Object.entries(now.open)
    .filter(([name, count]) => count > (before.open[name] ?? 0))
    .map(([name, count]) => `${count} of ${name} instead of ${before.open[name] ?? 0}`);
}
