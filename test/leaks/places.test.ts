import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, startDaemon } from '../e2e/aegis.ts';
import { patience } from './extent.ts';
import { createPlace, type Place } from './place.ts';
import { processesMarked } from './processes.ts';
import { Visitor } from './visitor.ts';

/** More than there are places for processes of single clients (`MAX_LINKS` in gateway/upstream/line.ts). */
const GONE = 70;

/** A server of a client, and what it has started; and those of the server that all share. */
const MOST_PROCESSES = 2 * 64 + 2;

describe.skipIf(process.platform !== 'linux')('clients that are gone without a word', () => {
  let place: Place;
  let daemon: Daemon;

  beforeAll(async () => {
    place = createPlace(['visitor'], [{ name: 'own', keys: { isolation: 'session' } }]);
    daemon = await startDaemon(place.configuration);
  });

  afterAll(async () => {
    await daemon.stop();
    place.remove();
  });

  it(
    'do not keep the processes of their own from the next client',
    async () => {
      for (let n = 0; n <= GONE; n++) {
        const visitor = new Visitor(daemon.url, place.tokenOf('visitor'));
        await visitor.open();
        expect(await visitor.call('quick'), `client ${n}`).toBe('quick');
        visitor.vanish();
        expect(processesMarked(place.marker).length).toBeLessThanOrEqual(MOST_PROCESSES);
      }
    },
    patience(20),
  );
});
