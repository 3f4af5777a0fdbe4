import { afterAll, beforeAll, expect, it } from 'vitest';
import { ATTEMPTS } from './attempts.ts';
import { type Journal, memoryJournal } from './canary/journal.ts';
import { type ServedCanaries, serveCanaries } from './canary/serve.ts';
import { Ground } from './ground.ts';
import { make } from './make.ts';
import { openNaiveProxy } from './naive-proxy.ts';

const TOKEN = 'the-token-of-everybody';

let journal: Journal;
let canaries: ServedCanaries;

beforeAll(async () => {
  journal = memoryJournal();
  canaries = await serveCanaries(journal, { stateless: ['canary', 'neighbour'] });
});

afterAll(() => canaries.close());

/** What an attempt is about: the part of its id before the slash. */
function classOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

it('the suite sees every class of bypass in a proxy that has them all', { timeout: 60_000 }, async () => {
  const proxy = await openNaiveProxy(canaries.urls, TOKEN);
  const gateway = { url: proxy.url, token: TOKEN, otherToken: TOKEN, silenceMs: 500 };
  const caught = new Set<string>();
  for (const revision of ['2025-03-26', '2025-11-25', '2026-07-28'] as const) {
    const ground = new Ground(gateway, { carrier: 'http', revision }, journal);
    expect(await ground.open()).toBeUndefined();
    for (const attempt of ATTEMPTS) {
      if (caught.has(classOf(attempt.id)) || attempt.doors?.(ground.door) === false) continue;
      if (attempt.needs?.some((need) => !ground.offers.has(need)) === true) continue;
      const { bypasses } = await make(ground, attempt);
      if (bypasses.length > 0) caught.add(classOf(attempt.id));
    }
    await ground.close();
  }
  await proxy.close();
  expect(caught).toEqual(new Set(ATTEMPTS.map(({ id }) => classOf(id))));
});

it('the suite sees a token that is passed on', async () => {
  const proxy = await openNaiveProxy(canaries.urls, TOKEN, { passesTokens: true });
  const ground = new Ground(
    { url: proxy.url, token: TOKEN },
    { carrier: 'http', revision: '2026-07-28' },
    journal,
  );
  expect(await ground.open()).toBeUndefined();
  const attempt = ATTEMPTS.find(({ id }) => id === 'retry/permitted-call');
  const verdict = attempt && (await make(ground, attempt));
  expect(verdict?.bypasses).toEqual(["the client's own token reached a server"]);
  await ground.close();
  await proxy.close();
});

it('the suite sees a gateway that stops working', async () => {
  const proxy = await openNaiveProxy(canaries.urls, TOKEN);
  const gateway = { url: proxy.url, token: TOKEN, silenceMs: 500 };
  const ground = new Ground(gateway, { carrier: 'http', revision: '2026-07-28' }, journal);
  expect(await ground.open()).toBeUndefined();
  const attempt = ATTEMPTS.find(({ id }) => id === 'method/of-nobody');
  const run: NonNullable<typeof attempt>['run'] = async (stage) => {
    const outcomes = (await attempt?.run(stage)) ?? [];
    await proxy.close();
    return outcomes;
  };
  const verdict = attempt && (await make(ground, { ...attempt, run }));
  expect(verdict?.bypasses).toEqual(['a permitted call does not come through afterwards']);
  await ground.close();
});
