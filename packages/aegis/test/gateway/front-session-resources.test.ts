// Resources that a server makes for one session, on the line that this session has for itself.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { compileRoutes } from '../../src/gateway/routes/table.ts';
import { heard, HttpDoor, type Message, toolCall } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { scripted, startAll, textOf, until } from './upstreams.ts';

const TOOLS = '--tools=make,pid,listed,die';
const MADE = 'test://session/made';

let catalogue: Catalogue;
let kernel: NamedKernel;
let door: HttpDoor;
let ids = 0;

beforeAll(async () => {
  const restart = { maxExits: 9, windowMs: 60_000, backoffMs: 1 };
  catalogue = new Catalogue(
    [
      scripted('own', [TOOLS, '--resources=test://own/listed'], { isolated: true, restart }),
      // Another server with resources: neither is the only one that could have an unknown one.
      scripted('other', [TOOLS, '--resources=test://other/listed', '--template=test://other/{id}']),
      scripted('routed', [TOOLS, '--resources=test://routed/listed'], { isolated: true }),
    ],
    compileRoutes(
      [{ match: { kind: 'tool', name: 'make' }, servers: ['routed'], order: 'all', failure: 'partial' }],
      ['routed'],
    ),
  );
  await startAll(catalogue);
});

afterAll(() => catalogue.close());

beforeEach(async () => {
  kernel = new NamedKernel();
  door = await HttpDoor.open(catalogue, {}, kernel);
});

afterEach(() => door.close());

class Visitor {
  readonly session: string;
  readonly #door: HttpDoor;

  constructor(door: HttpDoor, session: string) {
    this.#door = door;
    this.session = session;
  }

  async send(method: string, params: object = {}): Promise<Message> {
    const body = { jsonrpc: '2.0', id: ++ids, method, params };
    return JSON.parse((await this.#door.send(body, { session: this.session })).text) as Message;
  }

  async call(tool: string, args: object = {}): Promise<string> {
    const { text } = await this.#door.send(toolCall(++ids, tool, args), { session: this.session });
    return textOf((JSON.parse(text) as Message).result);
  }

  async resources(): Promise<readonly string[]> {
    const { result } = await this.send('resources/list');
    const resources = (result?.['resources'] ?? []) as readonly { readonly uri: string }[];
    return resources.map(({ uri }) => uri);
  }

  async read(uri: string): Promise<string | undefined> {
    const { result } = await this.send('resources/read', { uri });
    return (result?.['contents'] as { text: string }[] | undefined)?.[0]?.text;
  }
}

const enter = async (): Promise<Visitor> => new Visitor(door, await door.openSession());

describe('a resource that a server made for one session', () => {
  it('is listed to that session, in its place, and to no other', async () => {
    const [visitor, other] = [await enter(), await enter()];
    await other.call('own__pid');
    await visitor.call('own__make', { uri: MADE });
    expect(await visitor.resources()).toEqual(['test://other/listed', 'test://own/listed', MADE]);
    expect(await other.resources()).toEqual(['test://other/listed', 'test://own/listed']);
  });

  it('is read by that session where it was made, listed before or not, and by no other', async () => {
    const [visitor, other] = [await enter(), await enter()];
    await visitor.call('own__make', { uri: MADE });
    expect(await visitor.read(MADE)).toBe(await visitor.call('own__pid'));
    await other.call('own__pid');
    expect(await other.read(MADE)).toBeUndefined();
    expect(kernel.refusals).toMatchObject([{ method: 'resources/read', code: 'TOOL_UNKNOWN' }]);
    expect(kernel.calls.filter(({ method }) => method === 'resources/read')).toMatchObject([
      { resource: { kind: 'resource', server: 'own', name: MADE } },
    ]);
  });

  it('can be followed', async () => {
    const visitor = await enter();
    await visitor.call('own__make', { uri: MADE });
    expect((await visitor.send('resources/subscribe', { uri: MADE })).error).toBeUndefined();
    expect((await visitor.send('resources/unsubscribe', { uri: MADE })).error).toBeUndefined();
  });

  it('is told of when it is new, once until the session has looked', async () => {
    const visitor = await enter();
    const news = await door.stream(undefined, { method: 'GET', session: visitor.session });
    const count = () =>
      news.messages().filter(({ method }) => method === 'notifications/resources/list_changed').length;
    await visitor.call('own__make', { uri: MADE });
    await heard(news, 'it was told', ({ method }) => method === 'notifications/resources/list_changed');
    await visitor.call('own__make', { uri: `${MADE}/2` });
    await visitor.call('own__make', { uri: `${MADE}/3` });
    expect(count()).toBe(1);
    await visitor.resources();
    await visitor.call('own__make', { uri: `${MADE}/4` });
    await until('it was told again', () => count() === 2);
  });

  // SECURITY: what policy hides is on no list, whoever made it.
  it('is not listed where policy hides it', async () => {
    const hiding = await HttpDoor.open(catalogue, {}, new NamedKernel({ hidden: [MADE] }));
    const visitor = new Visitor(hiding, await hiding.openSession());
    await visitor.call('own__make', { uri: MADE });
    await visitor.call('own__make', { uri: `${MADE}/open` });
    expect(await visitor.resources()).toEqual(['test://other/listed', 'test://own/listed', `${MADE}/open`]);
    await hiding.close();
  });

  // SECURITY: else a server could have what an agent means for another one.
  it.each(['test://other/listed', 'test://other/9'])(
    'takes no URI from another server: %s is read where it was',
    async (uri) => {
      const visitor = await enter();
      await visitor.call('own__make', { uri });
      expect(await visitor.resources()).toEqual(['test://other/listed', 'test://own/listed']);
      expect(await visitor.read(uri)).toBe(await visitor.call('other__pid'));
    },
  );

  it('is not listed of a server that only routes may show', async () => {
    const visitor = await enter();
    expect(await visitor.call('make', { uri: MADE })).toBe('made');
    expect(await visitor.resources()).not.toContain(MADE);
    expect(await visitor.read(MADE)).toBeUndefined();
  });

  it('is gone with the process that made it', async () => {
    const visitor = await enter();
    await visitor.call('own__make', { uri: MADE });
    expect(await visitor.resources()).toContain(MADE);
    await visitor.send('tools/call', { name: 'own__die', arguments: {} });
    await visitor.call('own__pid');
    expect(await visitor.resources()).not.toContain(MADE);
  });
});

it('a server is not asked for its list more often than it says that it has changed', async () => {
  const visitor = await enter();
  await visitor.call('own__pid');
  for (let n = 0; n < 5; n++) await visitor.resources();
  for (let n = 0; n < 5; n++) await visitor.read(`${MADE}/nowhere`);
  expect(await visitor.call('own__listed')).toBe('1');
  await visitor.call('own__make', { uri: MADE });
  for (let n = 0; n < 5; n++) await visitor.resources();
  expect(await visitor.call('own__listed')).toBe('2');
});
