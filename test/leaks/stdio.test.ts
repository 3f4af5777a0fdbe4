import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callLine, connectRaw, type RawClient } from '../e2e/raw-stdio.ts';
import { extent, patience } from './extent.ts';
import { createPlace, type Place } from './place.ts';
import { descendantsOf, isRunning, processesMarked } from './processes.ts';
import { settle } from './settle.ts';

const STARTS = extent(30, 100);

/** Each with a ledger of its own, which has one writer. */
const LANES = 5;

const SERVERS = [
  { name: 'shared' },
  { name: 'stubborn', stubborn: true },
  { name: 'own', keys: { isolation: 'session' } },
] as const;

/** The servers and one more for this client, what each has started, and the shell that looks after them. */
const CHILDREN = 2 * (SERVERS.length + 1) + 1;

/** In what state a client leaves, and how. */
const ENDINGS = [
  { under: 'nothing', end: (client: RawClient) => client.close() },
  { under: 'calls', end: (client: RawClient) => client.close() },
  { under: 'calls', end: (client: RawClient) => signal(client, 'SIGTERM') },
  { under: 'nothing', end: (client: RawClient) => signal(client, 'SIGKILL') },
  { under: 'calls', end: (client: RawClient) => signal(client, 'SIGKILL') },
] as const;

describe.skipIf(process.platform !== 'linux')(`aegis mcp, started and ended ${STARTS} times`, () => {
  let places: readonly Place[];
  const ended: number[] = [];

  beforeAll(() => {
    places = Array.from({ length: LANES }, () => createPlace([], SERVERS));
  });

  afterAll(() => {
    for (const place of places) place.remove();
  });

  it(
    'leaves no process behind, however its client goes',
    async () => {
      let left = STARTS;
      const lane = async (place: Place): Promise<void> => {
        while (left-- > 0) {
          const { under, end } = ENDINGS[left % ENDINGS.length] ?? ENDINGS[0];
          const client = await connectRaw(place.configuration);
          expect(await client.call('own__quick')).toMatchObject({ result: { content: [{ text: 'quick' }] } });
          const below = descendantsOf(client.child.pid as number);
          expect(below).toHaveLength(CHILDREN);
          if (under === 'calls') {
            for (const { name } of SERVERS) {
              client.send(callLine(`${name}-never`, `${name}__never`));
              client.send(callLine(`${name}-slow`, `${name}__slow`));
            }
            await client.call('shared__quick');
          }
          await end(client);
          ended.push(...below);
        }
      };
      await Promise.all(places.map(lane));
      const there = (): readonly number[] => places.flatMap(({ marker }) => processesMarked(marker));
      expect(await settle(there, ({ length }) => length === 0)).toEqual([]);
      expect(
        await settle(
          () => ended.filter(isRunning),
          ({ length }) => length === 0,
        ),
      ).toEqual([]);
      expect(ended).toHaveLength(STARTS * CHILDREN);
    },
    patience(40),
  );
});

async function signal({ child }: RawClient, name: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(name);
  await ended;
}
