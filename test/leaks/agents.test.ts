import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, startDaemon } from '../e2e/aegis.ts';
import { patience } from './extent.ts';
import { createPlace, type LeakServer, type Place } from './place.ts';
import { descendantsOf, isRunning, processesMarked } from './processes.ts';
import { settle } from './settle.ts';
import { Visitor } from './visitor.ts';

const AGENTS = Array.from({ length: 10 }, (_, index) => `agent-${index}`);

const SHARED: readonly LeakServer[] = [
  ...Array.from({ length: 6 }, (_, index) => ({ name: `shared-${index}` })),
  { name: 'shared-stubborn', stubborn: true },
];
const OWN: readonly LeakServer[] = [
  { name: 'own', keys: { isolation: 'session' } },
  { name: 'own-stubborn', keys: { isolation: 'session' }, stubborn: true },
];
const SERVERS = [...SHARED, ...OWN];

/** A server, and what it has started. */
const PROCESSES = 2;

/** One of every server for all agents, and of some one more for each client. */
function processesFor(clients: number): number {
  return PROCESSES * (SERVERS.length + OWN.length * clients);
}

describe.skipIf(process.platform !== 'linux').each([
  ['is stopped', 'SIGTERM'],
  ['is killed in the middle of calls', 'SIGKILL'],
] as const)('ten agents with nine servers each, until the daemon %s', (_, signal) => {
  let place: Place;
  let daemon: Daemon;
  let visitors: readonly Visitor[];
  const marked = (): readonly number[] => processesMarked(place.marker);

  beforeAll(async () => {
    place = createPlace(AGENTS, SERVERS);
    daemon = await startDaemon(place.configuration);
    visitors = AGENTS.map((agent) => new Visitor(daemon.url, place.tokenOf(agent)));
    await Promise.all(visitors.map((visitor) => visitor.open()));
  }, patience(10));

  afterAll(() => place.remove());

  it(
    'start one process of each server for all of them, and one more where each has its own',
    async () => {
      expect(marked()).toHaveLength(processesFor(0));
      await Promise.all(
        visitors.flatMap((visitor) =>
          SERVERS.map(async ({ name }) => expect(await visitor.call(`${name}__quick`)).toBe('quick')),
        ),
      );
      expect(marked()).toHaveLength(processesFor(AGENTS.length));
    },
    patience(10),
  );

  it(
    'lose their own when they end their sessions, and the others theirs not',
    async () => {
      const [leaving, staying] = [visitors.slice(0, 5), visitors.slice(5)];
      await Promise.all(leaving.map((visitor) => visitor.leave()));
      const left = await settle(marked, ({ length }) => length === processesFor(staying.length));
      expect(left).toHaveLength(processesFor(staying.length));
      for (const visitor of staying) expect(await visitor.call('own__quick')).toBe('quick');
      expect(marked()).toHaveLength(processesFor(staying.length));
    },
    patience(10),
  );

  it(
    'leave nothing when it is over',
    async () => {
      const all = descendantsOf(daemon.child.pid as number);
      expect(all).toEqual(expect.arrayContaining([...marked()]));
      for (const visitor of visitors.slice(5)) {
        for (const { name } of SERVERS) visitor.callAndForget(`${name}__never`);
      }
      // The calls are on their way.
      await visitors[5]?.call('shared-0__quick');
      const ended = once(daemon.child, 'exit');
      daemon.child.kill(signal);
      const [code] = (await ended) as [number | null];
      expect(code).toBe(signal === 'SIGTERM' ? 0 : null);
      for (const visitor of visitors) visitor.vanish();
      expect(await settle(marked, ({ length }) => length === 0)).toEqual([]);
      // Nor what looks after them.
      expect(
        await settle(
          () => all.filter(isRunning),
          ({ length }) => length === 0,
        ),
      ).toEqual([]);
    },
    patience(10),
  );
});
