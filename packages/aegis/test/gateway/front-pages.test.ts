// Pages that a server sends the user to (MCP 2025-11-25, elicitation by URL), and what is told of them later.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { HttpDoor, heard, type Message, type RawStream, toolCall } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { scripted, startAll, until } from './upstreams.ts';

const URL_MODE = { elicitation: { url: {} } };
const COMPLETE = 'notifications/elicitation/complete';

let catalogue: Catalogue;
const doors: HttpDoor[] = [];

beforeAll(async () => {
  const tools = ['--tools=ask,complete,url-required,echo'];
  catalogue = new Catalogue([
    scripted('own', tools, { isolated: true }),
    scripted('other', tools, { isolated: true }),
    scripted('shared', tools),
  ]);
  await startAll(catalogue);
});

afterAll(() => catalogue.close());

afterEach(async () => {
  for (const door of doors.splice(0)) await door.close();
});

async function open(kernel = new NamedKernel()): Promise<HttpDoor> {
  const door = await HttpDoor.open(catalogue, {}, kernel);
  doors.push(door);
  return door;
}

/** One client that hears everything that belongs to no request. */
class Visitor {
  readonly session: string;
  readonly #door: HttpDoor;
  readonly #news: RawStream;

  private constructor(door: HttpDoor, session: string, news: RawStream) {
    this.#door = door;
    this.session = session;
    this.#news = news;
  }

  static async enter(door: HttpDoor): Promise<Visitor> {
    const session = await door.openSession('alice', '2025-11-25', URL_MODE);
    return new Visitor(door, session, await door.stream(undefined, { method: 'GET', session }));
  }

  /** What was said to be done with. */
  get completed(): readonly unknown[] {
    return this.#news
      .messages()
      .filter(({ method }) => method === COMPLETE)
      .map(({ params }) => params?.['elicitationId']);
  }

  call(tool: string, args: object = {}): Promise<{ readonly text: string }> {
    return this.#door.send(toolCall(1, tool, args), { session: this.session });
  }

  /** Is asked by a server to open a page, and agrees. */
  async sentTo(elicitationId: string, server = 'own'): Promise<void> {
    const page = { method: 'elicitation/create', mode: 'url', url: 'https://pay.test/1', message: 'pay' };
    const call = toolCall(1, `${server}__ask`, { ...page, elicitationId });
    const stream = await this.#door.stream(call, { session: this.session });
    const { id } = await heard(stream, 'it was asked', ({ method }) => method === 'elicitation/create');
    await this.#door.send({ jsonrpc: '2.0', id, result: { action: 'accept' } }, { session: this.session });
    await until('the call was answered', () => stream.ended());
  }

  /** Makes a server say that a page is done with; everything that it says by then has been heard. */
  async complete(elicitationId: unknown, server = 'own'): Promise<void> {
    await this.call(`${server}__complete`, { elicitationId });
    await this.call(`${server}__echo`, { text: 'after' });
  }
}

describe('that a page is done with', () => {
  it('is told to the client that was sent to it, once', async () => {
    const visitor = await Visitor.enter(await open());
    await visitor.sentTo('one');
    await visitor.complete('one');
    await until('it was told', () => visitor.completed.length > 0);
    await visitor.complete('one');
    expect(visitor.completed).toEqual(['one']);
  });

  it.each([['another'], [''], [7], ['x'.repeat(2_000)]])(
    'is not told of the id %j, which nobody was asked for',
    async (id) => {
      const visitor = await Visitor.enter(await open());
      await visitor.sentTo('one');
      await visitor.complete(id);
      expect(visitor.completed).toEqual([]);
    },
  );

  it('is not told when another server says so', async () => {
    const visitor = await Visitor.enter(await open());
    await visitor.sentTo('one');
    await visitor.call('other__echo');
    await visitor.complete('one', 'other');
    expect(visitor.completed).toEqual([]);
  });

  it('is not told of a page that policy kept from the client', async () => {
    const visitor = await Visitor.enter(await open(new NamedKernel({ denied: ['elicitation/create'] })));
    const page = { method: 'elicitation/create', mode: 'url', url: 'https://pay.test/1', message: 'pay' };
    await visitor.call('own__ask', { ...page, elicitationId: 'one' });
    await visitor.complete('one');
    expect(visitor.completed).toEqual([]);
  });

  it('is not told of a form', async () => {
    const door = await open();
    const session = await door.openSession('alice', '2025-11-25', { elicitation: { form: {}, url: {} } });
    const news = await door.stream(undefined, { method: 'GET', session });
    const form = { method: 'elicitation/create', message: 'm', elicitationId: 'one' };
    const stream = await door.stream(toolCall(1, 'own__ask', form), { session });
    const { id } = await heard(stream, 'it was asked', ({ method }) => method === 'elicitation/create');
    await door.send({ jsonrpc: '2.0', id, result: { action: 'accept' } }, { session });
    await until('the call was answered', () => stream.ended());
    await door.send(toolCall(2, 'own__complete', { elicitationId: 'one' }), { session });
    expect(news.messages()).toEqual([]);
  });

  // Clients share this server's process, and it names no client.
  it('is told to the one client of several whose call was answered with the page', async () => {
    const door = await open();
    const [sent, other] = [await Visitor.enter(door), await Visitor.enter(door)];
    await other.call('shared__echo');
    const page = { mode: 'url', url: 'https://pay.test/1', message: 'pay', elicitationId: 'one' };
    const { text } = await sent.call('shared__url-required', { pages: JSON.stringify([page]) });
    expect((JSON.parse(text) as Message).error?.code).toBe(-32042);
    await other.complete('one', 'shared');
    await until('it was told', () => sent.completed.length > 0);
    expect([sent.completed, other.completed]).toEqual([['one'], []]);
  });
});
