import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from './random.ts';
import { Visitor } from './visitor.ts';

export interface Visits {
  readonly url: string;
  readonly token: string;
  readonly count: number;
  readonly seed: number;
  /** How many are there at the same time. */
  readonly lanes: number;
  /** How often a visitor ends its session before it goes, from 0 to 1. */
  readonly polite: number;
}

/** What visitors did, so that a test can tell that it saw all of it. */
export type Tally = Record<
  'polite' | 'gone' | 'streams' | 'mid_call' | 'own' | 'pairs' | 'sessionless',
  number
>;

/** Lets clients come, call, and leave in every way that there is. */
export async function visit(visits: Visits): Promise<Tally> {
  const random = randomFrom(visits.seed);
  const tally: Tally = { polite: 0, gone: 0, streams: 0, mid_call: 0, own: 0, pairs: 0, sessionless: 0 };
  let left = visits.count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await one(visits, random, tally);
  };
  await Promise.all(Array.from({ length: visits.lanes }, lane));
  return tally;
}

async function one({ url, token, polite }: Visits, random: () => number, tally: Tally): Promise<void> {
  const visitor = new Visitor(url, token);
  const kind = random();
  if (kind < 0.1) {
    tally.pairs++;
    await visitor.visitPair('shared__quick');
  } else if (kind < 0.2) {
    tally.sessionless++;
    await expectQuick(visitor.callAlone('shared__quick'));
    if (random() < 0.5) await visitor.listenAlone();
  } else {
    await visitor.open();
    await expectQuick(visitor.call('shared__quick'));
    if (random() < 0.1) {
      tally.own++;
      await expectQuick(visitor.call('own__quick'));
    }
    if (random() < 0.3) {
      tally.streams++;
      await visitor.listen();
    }
    if (random() < 0.3) {
      tally.mid_call++;
      visitor.callAndForget(random() < 0.5 ? 'shared__slow' : 'shared__never');
      await sleep(random() * 20);
    }
    if (random() < polite) {
      tally.polite++;
      return visitor.leave();
    }
  }
  tally.gone++;
  visitor.vanish();
}

async function expectQuick(answer: Promise<string>): Promise<void> {
  const text = await answer;
  if (text !== 'quick') throw new Error(`a call was not answered: ${text}`);
}
