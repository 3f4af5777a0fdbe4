import {
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import {
  attentiveBehind,
  call,
  catalogue,
  door,
  error,
  eventually,
  kernel,
  request,
} from './attentive-front.ts';
import { heard, HttpDoor, type Message, toolCall } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { textOf, until } from './upstreams.ts';

attentiveBehind();

describe('the log messages of servers', () => {
  it('reach the client on the stream of the call, from the level that it set', async () => {
    const { client } = await door.connectClient();
    const seen: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void seen.push(params));
    await call(client, 'own__log', { level: 'info', data: { deep: [1] } });
    await call(client, 'own__log', { level: 'debug', data: 'nobody asked for this' });
    await client.setLoggingLevel('error');
    await call(client, 'own__log', { level: 'warning', data: 'too little' });
    await call(client, 'own__log', { level: 'alert', data: 'enough' });
    expect(seen).toEqual([
      { level: 'info', logger: 'own', data: { deep: [1] } },
      { level: 'alert', logger: 'own', data: 'enough' },
    ]);
    expect(JSON.parse(await call(client, 'own__heard'))).toEqual(['level error']);
    await client.close();
  });

  it('are told at the level that was set before the server was used', async () => {
    const { client } = await door.connectClient();
    await client.setLoggingLevel('critical');
    await until(
      'it was told',
      eventually(async () => (await call(client, 'own__heard')) === '["level critical"]'),
    );
    expect(await call(client, 'shared__heard')).not.toContain('level');
    await client.close();
  });

  it('are no other client’s to read', async () => {
    const [alice, bob] = [await door.openSession('alice'), await door.openSession('bob')];
    const headers = { Authorization: 'Bearer bob' };
    const stream = await door.stream(undefined, { method: 'GET', session: bob, headers });
    const { text } = await door.send(toolCall(1, 'own__log', { data: 'for alice' }), { session: alice });
    expect(text).toContain('for alice');
    await door.send(toolCall(1, 'own__log', { data: 'for bob' }), { session: bob, headers });
    expect(stream.messages()).toEqual([]);
    stream.drop();
  });

  it('are bounded in number and in size', async () => {
    const session = await door.openSession();
    const stream = await door.stream(toolCall(1, 'own__log', { times: 1_200, data: 'x' }), { session });
    await until('the call is answered', () => stream.ended());
    const logs = stream.messages().filter(({ method }) => method === 'notifications/message');
    expect(logs.length).toBeLessThanOrEqual(1_000);
    expect(logs.length).toBeGreaterThan(0);
    expect(stream.messages().at(-1)?.result).toBeDefined();
    const { text } = await door.send(toolCall(2, 'own__log', { size: 70_000 }), { session });
    expect(text).not.toContain('xxxx');
  });

  it('show nothing that the decision masks', async () => {
    kernel.mask = ['email'];
    const session = await door.openSession();
    const { text } = await door.send(toolCall(1, 'own__log', { data: 'write to ada@example.org' }), {
      session,
    });
    expect(text).toContain('[masked:email]');
    expect(text).not.toContain('ada@');
  });

  it('have levels, and setting one is governed', async () => {
    const session = await door.openSession();
    expect(error(await request(session, 'logging/setLevel', { level: 'loud' }))?.code).toBe(-32602);
    expect(error(await request(session, 'logging/setLevel', { level: 'error' }))).toBeUndefined();
    expect(kernel.calls).toMatchObject([
      {
        method: 'logging/setLevel',
        args: { level: 'error' },
        resource: { kind: 'server', server: 'aegis', name: 'logging' },
      },
    ]);
    const denying = await HttpDoor.open(catalogue, {}, new NamedKernel({ denied: ['logging'] }));
    const denied = await denying.openSession();
    const body = { jsonrpc: '2.0', id: 1, method: 'logging/setLevel', params: { level: 'debug' } };
    expect(error(await denying.send(body, { session: denied }))?.code).toBe(-31403);
    expect(
      (await denying.send(toolCall(2, 'own__log', { level: 'debug' }), { session: denied })).text,
    ).not.toContain('notifications/message');
    await denying.close();
  });
});

describe('resources that a session follows', () => {
  const follow = (session: string, uri: string, method = 'resources/subscribe') =>
    request(session, method, { uri });
  const touch = (session: string, uri: string, server = 'own') =>
    door.send(toolCall(2, `${server}__touch`, { uri }), { session });

  it('are told to whoever follows them, and to nobody else', async () => {
    const { client } = await door.connectClient('alice');
    const seen: string[] = [];
    client.setNotificationHandler(
      ResourceUpdatedNotificationSchema,
      ({ params }) => void seen.push(params.uri),
    );
    const bob = await door.openSession('bob');
    const stream = await door.stream(undefined, {
      method: 'GET',
      session: bob,
      headers: { Authorization: 'Bearer bob' },
    });
    await client.subscribeResource({ uri: 'shared://notes/1' });
    await call(client, 'shared__touch', { uri: 'shared://notes/2' });
    await call(client, 'shared__touch', { uri: 'shared://notes/1' });
    await call(client, 'shared__touch', { uri: 'shared://notes/1/part' });
    await until('both came', () => seen.length === 2);
    expect(seen).toEqual(['shared://notes/1', 'shared://notes/1/part']);
    await client.unsubscribeResource({ uri: 'shared://notes/1' });
    await call(client, 'shared__touch', { uri: 'shared://notes/1' });
    await call(client, 'shared__heard');
    expect(seen).toHaveLength(2);
    expect(stream.messages()).toEqual([]);
    expect(kernel.calls.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['resources/subscribe', 'resources/unsubscribe']),
    );
    stream.drop();
    await client.close();
  });

  it('are subscribed to once, and left when the session ends', async () => {
    const [first, second] = [await door.openSession(), await door.openSession()];
    const uri = 'shared://notes/9';
    await Promise.all([follow(first, uri), follow(first, uri), follow(second, uri)]);
    await door.send(undefined, { method: 'DELETE', session: first });
    await door.send(undefined, { method: 'DELETE', session: second });
    const session = await door.openSession();
    const heardOf = async (): Promise<string[]> => {
      const { text } = await door.send(toolCall(3, 'shared__heard'), { session });
      const all = JSON.parse(textOf((JSON.parse(text) as Message).result)) as string[];
      return all.filter((line) => line.includes(uri));
    };
    await until(
      'it was left',
      eventually(async () => (await heardOf()).length === 2),
    );
    expect(await heardOf()).toEqual([`subscribe ${uri}`, `unsubscribe ${uri}`]);
  });

  it('are not told any more when they may not be read any more', async () => {
    const session = await door.openSession();
    const stream = await door.stream(undefined, { method: 'GET', session });
    await follow(session, 'own://notes/1');
    (kernel.hidden as Set<string>).add('own://notes/1');
    await touch(session, 'own://notes/1');
    (kernel.hidden as Set<string>).delete('own://notes/1');
    await touch(session, 'own://notes/1');
    await heard(stream, 'it was told once', ({ method }) => method === 'notifications/resources/updated');
    expect(stream.messages()).toHaveLength(1);
    stream.drop();
  });

  it('cannot be what policy hides, nor more than 256', async () => {
    const session = await door.openSession();
    expect(error(await follow(session, 'test://hidden'))?.code).toBe(-31403);
    const codes = await Promise.all(
      Array.from({ length: 260 }, async (_, i) => {
        const body = {
          jsonrpc: '2.0',
          id: `f${i}`,
          method: 'resources/subscribe',
          params: { uri: `own://notes/${i}` },
        };
        return error(await door.send(body, { session }))?.code;
      }),
    );
    expect(codes.filter((code) => code !== undefined).length).toBeGreaterThanOrEqual(4);
    expect(codes.filter((code) => code === undefined).length).toBeLessThanOrEqual(256);
  });
});
