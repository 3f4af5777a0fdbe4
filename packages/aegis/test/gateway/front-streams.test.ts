import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { HEADERS, heard, HttpDoor, toolCall } from './http-door.ts';
import { scripted, serverFile, startAll, stdio, textOf, until } from './upstreams.ts';

let catalogue: Catalogue;
let door: HttpDoor;

beforeAll(async () => {
  catalogue = new Catalogue([
    scripted('script', ['--tools=echo,ask,late,progress,log,big,grow'], { isolated: true }),
    stdio({ name: 'own', command: [process.execPath, serverFile('attentive'), 'own'], isolated: true }),
  ]);
  await startAll(catalogue);
});

afterAll(() => catalogue.close());

beforeEach(async () => {
  door = await HttpDoor.open(catalogue);
});

afterEach(() => door.close());

const FORM = { elicitation: {} };
const progressCall = (id: unknown) => toolCall(id, 'progress', {}, { progressToken: 'p' });
const resume = (session: string, lastEventId: string) =>
  door.stream(undefined, { method: 'GET', session, headers: { 'Last-Event-ID': lastEventId } });

describe('the stream of an answer', () => {
  it.each([
    ['2025-11-25', true],
    ['2025-06-18', false],
    ['2025-03-26', false],
  ])('of %s begins with an event without data: %s; every event has an id', async (revision, primed) => {
    const session = await door.openSession('alice', revision);
    const stream = await door.stream(progressCall(1), { session });
    await until('it ended', () => stream.ended());
    const [first] = stream.events;
    expect(first?.data === '').toBe(primed);
    expect(first?.retry).toBe(primed ? '1000' : undefined);
    const ids = stream.events.map(({ id }) => id);
    expect(ids.every((id) => id !== undefined)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(stream.messages().map(({ method = 'answer' }) => method)).toEqual([
      ...Array.from({ length: 3 }, () => 'notifications/progress'),
      'answer',
    ]);
  });

  it('is a JSON body where nothing was said before the answer', async () => {
    const session = await door.openSession();
    const { headers } = await door.send(toolCall(1, 'echo', { text: 'x' }), { session });
    expect(headers['content-type']).toBe('application/json');
  });

  it('is opened for an answer that takes its time', async () => {
    await door.close();
    door = await HttpDoor.open(catalogue, { slowMs: 50 });
    const session = await door.openSession();
    const stream = await door.stream(toolCall(1, 'late'), { session });
    expect(stream.response.headers['content-type']).toBe('text/event-stream');
    await until('it ended', () => stream.ended());
    expect(stream.events[0]?.data).toBe('');
    expect(textOf(stream.messages()[0]?.result)).toBe('late');
  });
});

describe('a client that lost its stream', () => {
  it('gets what it missed, and the answer, when it comes back', async () => {
    const session = await door.openSession('alice', '2025-11-25', FORM);
    const stream = await door.stream(toolCall(1, 'ask', { method: 'elicitation/create' }), { session });
    const question = await heard(stream, 'it was asked', ({ method }) => method === 'elicitation/create');
    const [primer] = stream.events;
    stream.drop();
    const again = await resume(session, primer?.id ?? '');
    expect(await heard(again, 'it was asked again', ({ method }) => method === 'elicitation/create')).toEqual(
      question,
    );
    again.drop();
    await door.send({ jsonrpc: '2.0', id: question.id, result: { action: 'accept' } }, { session });
    await until('the call was answered', () => door.kernel.calls.length === 2);
    const last = await resume(session, again.events.at(-1)?.id ?? '');
    await until('the stream ended', () => last.ended());
    expect(last.messages()).toHaveLength(1);
    expect(last.messages()[0]).toMatchObject({ id: 1, result: {} });
  });

  it('cancels nothing by losing it', async () => {
    await door.close();
    door = await HttpDoor.open(catalogue, { slowMs: 20 });
    const session = await door.openSession();
    const stream = await door.stream(toolCall(1, 'late'), { session });
    await until('the stream was opened', () => stream.events.length === 1);
    stream.drop();
    const again = await resume(session, stream.events[0]?.id ?? '');
    await until('the stream ended', () => again.ended());
    expect(textOf(again.messages()[0]?.result)).toBe('late');
    expect(door.kernel.calls[0]?.signal?.aborted).toBe(false);
  });

  it('gets nothing of another stream', async () => {
    const session = await door.openSession('alice', '2025-11-25', FORM);
    const ask = (id: number, message: string) => {
      const args = { id: String(id), method: 'elicitation/create', message };
      return door.stream(toolCall(id, 'ask', args), { session });
    };
    const first = await ask(1, 'for the first');
    await heard(first, 'it was asked', ({ method }) => method === 'elicitation/create');
    const second = await ask(2, 'for the second');
    await heard(second, 'it was asked', ({ method }) => method === 'elicitation/create');
    for (const stream of [first, second]) stream.drop();
    const again = await resume(session, second.events[0]?.id ?? '');
    await heard(again, 'it was asked again', ({ method }) => method === 'elicitation/create');
    expect(JSON.stringify(again.messages())).toContain('for the second');
    expect(JSON.stringify(again.messages())).not.toContain('for the first');
    again.drop();
  });

  it.each<[string, (mine: string, theirs: string) => string]>([
    ['an event of another session', (_, theirs) => theirs],
    [
      'an event of another session under the own tag',
      (mine, theirs) => mine.slice(0, 8) + theirs.slice(8).replace(/\d+/, '77'),
    ],
    ['an event that has not been', (mine) => mine.replace(/\d+$/, '99')],
    ['nothing that is an event', () => '1'],
    ['a path', () => '../../etc/passwd'],
    ['a number beyond all numbers', (mine) => `${mine.slice(0, 9)}9999999999.1`],
  ])('gets nothing for %s', async (_, idOf) => {
    const ids = [];
    for (const token of ['alice', 'bob']) {
      const headers = { Authorization: `Bearer ${token}` };
      const session = await door.openSession(token, '2025-11-25', FORM);
      const call = toolCall(1, 'ask', { method: 'elicitation/create' });
      const stream = await door.stream(call, { session, headers });
      await until('the stream began', () => stream.events.length > 1);
      ids.push({ session, id: stream.events[0]?.id ?? '' });
      stream.drop();
    }
    const [alice, bob] = ids;
    const headers = { 'Last-Event-ID': idOf(alice?.id ?? '', bob?.id ?? '') };
    const answer = await door.send(undefined, { method: 'GET', session: alice?.session ?? '', headers });
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('elicitation');
  });

  it('comes back to the stream for what belongs to no request too', async () => {
    const session = await door.openSession();
    const stream = await door.stream(undefined, { method: 'GET', session });
    await until('it is open', () => stream.events.length === 1);
    const uri = 'own://notes/1';
    await door.send({ jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params: { uri } }, { session });
    await door.send(toolCall(2, 'touch', { uri }), { session });
    await heard(stream, 'it was told', ({ method }) => method === 'notifications/resources/updated');
    stream.drop();
    const again = await resume(session, stream.events[0]?.id ?? '');
    await door.send(toolCall(3, 'touch', { uri }), { session });
    await until('it was told both', () => again.messages().length === 2);
    expect(again.messages().map(({ params }) => params?.['uri'])).toEqual([uri, uri]);
    again.drop();
  });
});

describe('a client that does not read', () => {
  it('is cut off, and nobody else notices', async () => {
    const session = await door.openSession();
    // Its own process runs now, so that what it logs is certainly of the one call that is under way.
    await door.send(toolCall(0, 'echo', { text: 'x' }), { session });
    const other = await door.openSession('bob');
    const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
    const body = JSON.stringify(toolCall(1, 'script__log', { times: '450', text: 'x'.repeat(60_000) }));
    const headers = {
      ...HEADERS,
      Host: '127.0.0.1',
      'Mcp-Session-Id': session,
      'Content-Length': body.length,
    };
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    let closed = false;
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('close', () => {
      closed = true;
    });
    socket.on('error', () => {});
    socket.pause();
    socket.write(`POST /mcp HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
    await until('the call is under way', () => door.kernel.calls.length === 2);
    const bob = { session: other, headers: { Authorization: 'Bearer bob' } };
    const { text } = await door.send(toolCall(2, 'echo', { text: 'others are served' }), bob);
    expect(text).toContain('others are served');
    await until('all have run', () => door.kernel.ran === 3);
    socket.resume();
    await until('it was cut off', () => closed);
    expect(received).toContain('notifications/message');
    expect(received).not.toContain('"result"');
  });

  it('of 2024-11-05 loses its session', async () => {
    const { stop } = await unreadPair();
    await until('the session was closed', () => door.kernel.closed.length === 1);
    expect(door.kernel.closed).toEqual(['session 1: the client closed its stream']);
    stop();
  });

  async function unreadPair() {
    const stream = await door.stream(undefined, { method: 'GET', path: '/sse' }, false);
    const head = await new Promise<Buffer>((resolve) => {
      stream.response.once('data', (chunk: Buffer) => {
        stream.response.pause();
        resolve(chunk);
      });
    });
    const path = /data: (\S+)/.exec(head.toString())?.[1] ?? '';
    const post = (body: unknown) => door.send(body, { path });
    await post({
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'raw', version: '0' } },
    });
    for (let id = 1; id < 40; id++) {
      const { status } = await post(toolCall(id, 'big', { bytes: '500000' }));
      if (status !== 202) break;
    }
    return { stop: () => stream.drop() };
  }
});
