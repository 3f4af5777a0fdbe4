// Clients without sessions over a pair of streams, beside those with one.
import { PassThrough } from 'node:stream';
import type { JsonObject } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveStdio, type StdioFront } from '../../src/gateway/front/stdio.ts';
import { type ModernGateway, modernGateway } from './modern-gateway.ts';
import { ALL_CAPABILITIES, declaring, withMeta } from './modern-requests.ts';
import { type AskingLibrary, askingLibrary } from './servers/asking-library.ts';
import { type StatelessLibrary, statelessLibrary } from './servers/stateless-library.ts';

let library: StatelessLibrary;
let asking: AskingLibrary;
let gateway: ModernGateway;
let front: StdioFront;
let input: PassThrough;
let messages: Message[];

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly data?: Record<string, unknown> };
}

beforeEach(async () => {
  library = await statelessLibrary();
  asking = await askingLibrary();
  gateway = await modernGateway([
    { name: 'stateless', url: library.url, era: 'modern' },
    { name: 'asking', url: asking.url, era: 'legacy' },
  ]);
  input = new PassThrough();
  const output = new PassThrough();
  messages = [];
  let rest = '';
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) messages.push(JSON.parse(line));
  });
  const { kernel, catalogue } = gateway;
  const caller = { tenant: 'default', agent: 'local', user: 'local', door: 'mcp-stdio' } as const;
  front = serveStdio({
    kernel,
    catalogue,
    caller,
    version: '1.2.3',
    input,
    output,
    limits: { drainMs: 120_000 },
  });
});
afterEach(async () => {
  await front.close('the test is over');
  await gateway.close();
  await asking.close();
  await library.close();
});

const write = (message: unknown): void => void input.write(`${JSON.stringify(message)}\n`);
const send = (id: unknown, method: string, params: JsonObject = {}, meta: JsonObject = {}): void =>
  write({ jsonrpc: '2.0', id, method, params: withMeta(params, meta) });
const cancel = (requestId: unknown): void =>
  write({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } });
const answerTo = async (id: unknown): Promise<Message> => {
  const found = (): Message | undefined =>
    messages.find((message) => message.id === id && message.method === undefined);
  await expect.poll(found).toBeDefined();
  return found() as Message;
};
const greet = { name: 'greet', arguments: { who: 'you' } };

describe('over a pair of streams', () => {
  it('a request is answered without headers, and `server/discover` before anything else', async () => {
    send('probe', 'server/discover');
    expect((await answerTo('probe')).result?.['supportedVersions']).toContain('2026-07-28');
    send(1, 'tools/call', greet);
    expect((await answerTo(1)).result).toMatchObject({ resultType: 'complete' });
  });

  it('both eras go side by side', async () => {
    send('modern', 'tools/call', greet);
    const clientInfo = { name: 'raw', version: '0' };
    const opening = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    write({ jsonrpc: '2.0', id: 'legacy', method: 'initialize', params: opening });
    expect((await answerTo('modern')).result).toHaveProperty('resultType');
    expect((await answerTo('legacy')).result).toMatchObject({ protocolVersion: '2025-11-25' });
    write({ jsonrpc: '2.0', id: 'call', method: 'tools/call', params: greet });
    expect((await answerTo('call')).result).not.toHaveProperty('resultType');
    // The run without sessions, and the session.
    const started = (await gateway.events()).filter(({ type }) => type === 'SESSION_STARTED');
    expect(started).toHaveLength(2);
  });

  it('another version is told which ones there are', async () => {
    send(1, 'tools/list', {}, { 'io.modelcontextprotocol/protocolVersion': '2027-01-01' });
    expect((await answerTo(1)).error?.code).toBe(-32022);
  });

  it('a request that is cancelled is not answered', async () => {
    send('slow', 'tools/call', { name: 'slow', arguments: {} });
    await expect.poll(() => library.bodies.some(({ params }) => params['name'] === 'slow')).toBe(true);
    cancel('slow');
    await expect.poll(async () => (await gateway.events()).at(-1)?.type).toBe('TOOL_RESULT');
    send('after', 'tools/call', greet);
    await answerTo('after');
    expect(messages.map(({ id }) => id)).toEqual(['after']);
  });

  it('an id that is in use belongs to the request that has it', async () => {
    send('same', 'tools/call', { name: 'slow', arguments: {} });
    await expect.poll(() => library.bodies.some(({ params }) => params['name'] === 'slow')).toBe(true);
    send('same', 'tools/call', greet);
    expect((await answerTo(null)).error).toMatchObject({
      code: -32600,
      data: { code: 'PROTOCOL_VIOLATION' },
    });
    expect(messages).toHaveLength(1);
    cancel('same');
  });

  it('a question of a server with sessions comes in a result, and the answer in a request', async () => {
    const params = { name: 'confirm', arguments: {} };
    const meta = declaring(ALL_CAPABILITIES);
    send(1, 'tools/call', params, meta);
    const { result } = await answerTo(1);
    expect(result?.['resultType']).toBe('input_required');
    const [key = ''] = Object.keys(result?.['inputRequests'] as object);
    const inputResponses = { [key]: { action: 'accept', content: { ok: true } } };
    send(
      2,
      'tools/call',
      { ...params, inputResponses, requestState: result?.['requestState'] as string },
      meta,
    );
    expect((await answerTo(2)).result?.['content']).toEqual([
      { type: 'text', text: '{"action":"accept","content":{"ok":true}}' },
    ]);
    expect(asking.runs.get('confirm')).toBe(1);
  });

  it('subscriptions share the line, each under its own id, and end one by one', async () => {
    const notifications = { resourceSubscriptions: ['test://motto'] };
    for (const id of ['a', 'b']) send(id, 'subscriptions/listen', { notifications });
    await expect.poll(() => messages.length).toBe(2);
    cancel('a');
    send('after', 'tools/call', greet);
    await answerTo('after');
    library.notify.resourceUpdated('test://motto');
    await expect.poll(() => messages.length).toBe(4);
    expect(messages.at(-1)).toMatchObject({
      method: 'notifications/resources/updated',
      params: { uri: 'test://motto', _meta: { 'io.modelcontextprotocol/subscriptionId': 'b' } },
    });
  });

  it('a subscription that we end is answered and cancelled', async () => {
    send('a', 'subscriptions/listen', { notifications: {} });
    await expect.poll(() => messages.length).toBe(1);
    await front.close('Aegis was stopped');
    expect(messages.slice(1)).toMatchObject([
      { id: 'a', result: { resultType: 'complete' } },
      { method: 'notifications/cancelled', params: { requestId: 'a' } },
    ]);
  });

  it('a client that closes its end is not waited for because it listens', async () => {
    send('a', 'subscriptions/listen', { notifications: {} });
    await expect.poll(() => messages.length).toBe(1);
    input.end();
    await front.closed;
  });
});
