import { type Attempt, type Expectation, expectationOf, type Stage } from './attempt.ts';
import type { Effect } from './canary/journal.ts';
import type { Client } from './door/client.ts';
import { nameOf } from './door/door.ts';
import type { Ground, Who } from './ground.ts';
import { harmOf, laxityOf, type Seen } from './judge.ts';

/** What came of one attempt. */
export interface Verdict {
  /** How the gateway was got round; nothing when it held. */
  readonly bypasses: readonly string[];
  /** Where it went on with what it should have refused, and no harm was done. */
  readonly laxities: readonly string[];
  /** How many calls really reached the servers. */
  readonly reached: number;
  /** Permitted calls that the suite made by itself, each of which is to be recorded. */
  readonly probes: number;
}

/**
 * Makes one attempt and judges it by its effects: what the canaries were made to do, what came back, and
 * whether the gateway still works.
 */
export async function make(ground: Ground, attempt: Attempt): Promise<Verdict> {
  // Nothing that looks like a path or a URL to whoever looks into arguments.
  const nonce = `${attempt.id}-${nameOf(ground.door)}`.replace(/[^a-z0-9-]+/g, '-');
  const expectation = expectationOf(attempt, ground.door);
  const clients: Client[] = [];
  const accusations: string[] = [];
  const before = ground.journal.read().length;
  const outcomes = await attempt.run(await stageOf(ground, attempt, { nonce, clients, accusations }));
  const alive = await ground.alive(`${nonce}-after`);
  const effects = await effectsOf(ground, before, nonce, expectation);
  const { token, otherToken } = ground.gateway;
  const seen: Seen = {
    effects,
    heard: [...clients.map(({ heard }) => heard), ...outcomes.map(({ text }) => text)].join('\n'),
    messages: clients.flatMap(({ messages }) => messages),
    outcomes,
    tokens: [token, otherToken].filter((secret) => secret !== undefined),
    alive,
    accusations,
  };
  for (const client of clients) await ground.release(client);
  const laxities = laxityOf(seen, expectation);
  const harmless = attempt.harmless === true;
  return {
    bypasses: [...harmOf(seen), ...(harmless ? [] : laxities)],
    laxities: harmless ? laxities : [],
    reached: effects.length,
    probes: alive ? 1 : 0,
  };
}

interface Notes {
  readonly nonce: string;
  readonly clients: Client[];
  readonly accusations: string[];
}

async function stageOf(
  ground: Ground,
  attempt: Attempt,
  { nonce, clients, accusations }: Notes,
): Promise<Stage> {
  const enter = async (who: Who, own: boolean): Promise<Client> => {
    const client = own ? await ground.client(who) : await ground.regular();
    if (client === undefined) throw new Error(`no client at ${ground}`);
    client.forget();
    clients.push(client);
    return client;
  };
  return {
    door: ground.door,
    client: await enter('caller', attempt.own === true),
    nonce,
    token: ground.gateway.token ?? '',
    another: (who = 'caller') => enter(who, true),
    reached: async (of) => {
      for (let left = 200; left > 0; left--) {
        if (ground.journal.read().some((effect) => effect.nonce === of)) return;
        await new Promise((done) => setTimeout(done, 10));
      }
    },
    accuse: (words) => void accusations.push(words),
  };
}

/** What the canaries were made to do, without the probe; a call that was given up may be late with it. */
async function effectsOf(
  { journal }: Ground,
  before: number,
  nonce: string,
  { reaches }: Expectation,
): Promise<readonly Effect[]> {
  for (let left = 10; ; left--) {
    const since = journal.read().slice(before);
    const effects = since.filter((effect) => effect.nonce !== `${nonce}-after`);
    if (effects.length >= reaches || left === 0) return effects;
    await new Promise((done) => setTimeout(done, 25));
  }
}
