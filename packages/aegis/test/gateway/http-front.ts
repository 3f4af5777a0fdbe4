import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import type { HttpFrontLimits } from '../../src/gateway/front/http/front.ts';
import { HttpDoor } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { http, libraryOverHttp, type RunningServer, scripted, startAll } from './upstreams.ts';

/** The front over HTTP that {@link serveHttp} has opened for the test that runs, and what is behind it. */
export let upstream: RunningServer;
export let catalogue: Catalogue;
export let kernel: NamedKernel;
export let door: HttpDoor;

/** Puts a server over HTTP and a child behind every test of the file, and gives each test a front of its own. */
export function serveHttp(): void {
  beforeAll(async () => {
    upstream = await libraryOverHttp('remote');
    catalogue = new Catalogue([
      http({ name: 'remote', url: upstream.url, headers: { Authorization: { env: 'UPSTREAM_TOKEN' } } }),
      scripted('script', ['--tools=echo,late,silence,exact,progress,denied,pid']),
    ]);
    await startAll(catalogue);
  });

  afterAll(async () => {
    await catalogue.close();
    await upstream.close();
  });

  beforeEach(() => serve());

  afterEach(() => door.close());
}

async function serve(limits: Partial<HttpFrontLimits> = {}): Promise<void> {
  kernel = new NamedKernel({ denied: ['denied', 'forbidden'], hidden: ['hidden', 'test://secret'] });
  door = await HttpDoor.open(catalogue, limits, kernel);
}

/** Opens the front of the test anew, with other bounds. */
export async function serveAgain(limits: Partial<HttpFrontLimits>): Promise<void> {
  await door.close();
  await serve(limits);
}

export const send: HttpDoor['send'] = (body, options) => door.send(body, options);
export const openSession: HttpDoor['openSession'] = (...args) => door.openSession(...args);
