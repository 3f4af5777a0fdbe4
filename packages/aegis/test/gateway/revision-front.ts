import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { HttpDoor } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { http, libraryOverHttp, type RunningServer, scripted, startAll } from './upstreams.ts';

/** What {@link serveRevisions} has set up for the test that runs. */
export let catalogue: Catalogue;
export let kernel: NamedKernel;
export let door: HttpDoor;
let upstream: RunningServer;

/** Puts a server over HTTP and a child behind every test of the file, and gives each test a front of its own. */
export function serveRevisions(): void {
  beforeAll(async () => {
    upstream = await libraryOverHttp('remote');
    catalogue = new Catalogue([
      http({ name: 'remote', url: upstream.url }),
      scripted('script', ['--tools=echo,late,ask,denied,greet,grow'], { isolated: true }),
    ]);
    await startAll(catalogue);
  });

  afterAll(async () => {
    await catalogue.close();
    await upstream.close();
  });

  beforeEach(async () => {
    kernel = new NamedKernel({ denied: ['denied'] });
    door = await HttpDoor.open(catalogue, {}, kernel);
  });

  afterEach(() => door.close());
}
