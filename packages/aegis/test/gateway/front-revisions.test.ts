import { beforeEach, describe, expect, it } from 'vitest';
import { formOf } from '../../src/gateway/front/session/older-forms.ts';
import { type SessionRevision, SESSION_REVISIONS } from '../../src/gateway/revision.ts';
import { initialize, type Message, toolCall } from './http-door.ts';
import { door, kernel, serveRevisions } from './revision-front.ts';
import { textOf } from './upstreams.ts';

serveRevisions();

const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping' });

describe('a revision', () => {
  it.each(SESSION_REVISIONS)('%s is spoken, and its header is optional', async (revision) => {
    const session = await door.openSession('alice', revision);
    const text = textOf(
      (JSON.parse((await door.send(toolCall(1, 'echo', { text: revision }), { session })).text) as Message)
        .result,
    );
    expect(text).toBe(revision);
    const headers = { 'MCP-Protocol-Version': revision };
    expect((await door.send(ping(2), { session, headers })).status).toBe(200);
    for (const other of SESSION_REVISIONS.filter((known) => known !== revision)) {
      const answer = await door.send(ping(3), { session, headers: { 'MCP-Protocol-Version': other } });
      expect(answer.status).toBe(400);
    }
  });
});

describe('a batch of 2025-03-26', () => {
  let session: string;

  beforeEach(async () => {
    session = await door.openSession('alice', '2025-03-26', { elicitation: {} });
  });

  const answers = ({ text }: { readonly text: string }) => JSON.parse(text) as Message[];

  it('is answered by one array, each message with a decision of its own', async () => {
    const batch = [
      toolCall(1, 'echo', { text: 'one' }),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      toolCall(2, 'denied'),
      { jsonrpc: '2.0', id: 3, method: 'tools/nothing' },
      { jsonrpc: '2.0', id: 4, result: {} },
      toolCall('1', 'echo', { text: 'another one' }),
    ];
    const answer = await door.send(batch, { session });
    expect(answer.status).toBe(200);
    expect(answers(answer).map(({ id }) => id)).toEqual([1, 2, 3, '1']);
    expect(answers(answer).map(({ result }) => result && textOf(result).split('\n')[0])).toEqual([
      'one',
      'Denied by Aegis: `denied` is denied here',
      undefined,
      'another one',
    ]);
    expect(kernel.calls).toHaveLength(3);
    expect(kernel.refusals).toHaveLength(1);
  });

  it('of notifications and responses alone is answered with nothing', async () => {
    const batch = [
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 4, result: {} },
    ];
    expect(await door.send(batch, { session })).toMatchObject({ status: 202, text: '' });
  });

  it('runs a call once whose id it holds twice', async () => {
    const batch = [toolCall(7, 'late'), toolCall(7, 'late'), toolCall(7, 'late')];
    const all = answers(await door.send(batch, { session }));
    expect(all.filter(({ result }) => result !== undefined)).toHaveLength(1);
    expect(all.filter(({ id, error }) => id === null && error?.code === -32600)).toHaveLength(2);
    expect(kernel.calls).toHaveLength(1);
    expect(kernel.refusals).toHaveLength(2);
  });

  it('cannot initialize', async () => {
    const [first, second] = answers(await door.send([initialize('2025-03-26'), ping(2)], { session }));
    expect(first?.error?.code).toBe(-32600);
    expect(second?.result).toEqual({});
    const alone = await door.send([initialize('2025-03-26')]);
    expect(alone.status).toBe(400);
    expect(alone.headers['mcp-session-id']).toBeUndefined();
    expect(kernel.opened).toHaveLength(1);
  });

  it.each<[string, unknown]>([
    ['is empty', []],
    ['holds 65 messages', Array.from({ length: 65 }, (_, id) => ping(id))],
  ])('is refused as a whole when it %s', async (_, batch) => {
    const answer = await door.send(batch, { session });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ id: null, error: { code: -32600 } });
    expect(kernel.refusals).toHaveLength(1);
  });

  it('of 64 messages is taken, and one in a batch is refused alone', async () => {
    expect(
      answers(
        await door.send(
          Array.from({ length: 64 }, (_, id) => ping(id)),
          { session },
        ),
      ),
    ).toHaveLength(64);
    const [inner, outer] = answers(await door.send([[ping(1)], ping(2)], { session }));
    expect(inner).toMatchObject({ id: null, error: { code: -32600 } });
    expect(outer?.result).toEqual({});
  });

  it.each(SESSION_REVISIONS.filter((revision) => revision !== '2025-03-26'))(
    'is none in %s',
    async (revision) => {
      const other = await door.openSession('alice', revision);
      const answer = await door.send([ping(1)], { session: other });
      expect(answer.status).toBe(400);
      expect(kernel.refusals).toMatchObject([{ code: 'PROTOCOL_VIOLATION' }]);
    },
  );
});

describe('what an older revision does not know', () => {
  const TOOL = {
    name: 't',
    title: 'T',
    description: 'd',
    inputSchema: { type: 'object' },
    outputSchema: { type: 'object' },
    annotations: { readOnlyHint: true },
    icons: [{ src: 'https://x.test/i.png' }],
    _meta: { a: 1 },
  };
  const members = (revision: SessionRevision) => Object.keys(formOf(revision).definition('tools', TOOL));

  it.each<[SessionRevision, readonly string[]]>([
    ['2024-11-05', ['name', 'description', 'inputSchema']],
    ['2025-03-26', ['name', 'description', 'inputSchema', 'annotations']],
    ['2025-06-18', Object.keys(TOOL).filter((member) => member !== 'icons')],
    ['2025-11-25', Object.keys(TOOL)],
  ])('is left out of definitions for %s', (revision, kept) => {
    expect(members(revision)).toEqual(kept);
  });

  const link = { type: 'resource_link', name: 'n', uri: 'test://x', mimeType: 'text/plain' };
  const audio = { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' };
  const result = { content: [link, audio, { type: 'text', text: 'x' }], structuredContent: { a: 1 } };

  it.each<[SessionRevision, unknown]>([
    [
      '2024-11-05',
      {
        content: [
          { type: 'text', text: 'n: test://x' },
          { type: 'text', text: 'audio (audio/wav)' },
          { type: 'text', text: 'x' },
        ],
      },
    ],
    ['2025-03-26', { content: [{ type: 'text', text: 'n: test://x' }, audio, { type: 'text', text: 'x' }] }],
    ['2025-06-18', result],
    ['2025-11-25', result],
  ])('is told in words in results for %s', (revision, told) => {
    expect(formOf(revision).result('tools/call', result)).toEqual(told);
    const prompt = { messages: [{ role: 'user', content: link }] };
    const content = revision < '2025-06-18' ? { type: 'text', text: 'n: test://x' } : link;
    expect(formOf(revision).result('prompts/get', prompt)).toEqual({ messages: [{ role: 'user', content }] });
  });

  it('is given as text where there is nothing else', () => {
    expect(formOf('2025-03-26').result('tools/call', { content: [], structuredContent: { a: 1 } })).toEqual({
      content: [{ type: 'text', text: '{"a":1}' }],
    });
    expect(formOf('2025-11-25').result('tools/call', { content: [], structuredContent: [1, 2] })).toEqual({
      content: [{ type: 'text', text: '[1,2]' }],
    });
  });

  it('costs nothing where there is nothing to leave out', () => {
    expect(formOf('2025-11-25').result('tools/call', result)).toBe(result);
    expect(formOf('2025-11-25').definition('tools', TOOL)).toBe(TOOL);
    const modern = { contents: [], resultType: 'complete', ttlMs: 1, cacheScope: 'public' };
    expect(formOf('2025-11-25').result('resources/read', modern)).toEqual({ contents: [] });
  });

  it('is left out of what clients are given', async () => {
    const session = await door.openSession('alice', '2025-03-26');
    const list = await door.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, { session });
    expect(list.text).toContain('"remote__greet"');
    expect(list.text).not.toContain('outputSchema');
    const called = await door.send(toolCall(2, 'remote__greet', { who: 'Ada' }), { session });
    expect((JSON.parse(called.text) as Message).result).toEqual({
      content: [{ type: 'text', text: 'remote greets Ada' }],
    });
  });
});
