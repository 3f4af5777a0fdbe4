import { ElicitRequestSchema, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { heard, HttpDoor, type Message, toolCall } from './http-door.ts';
import { stdioDefinition, upstreamOf } from './modern-upstreams.ts';
import { NamedKernel } from './named-kernel.ts';
import { serverFile, startAll, textOf, until } from './upstreams.ts';

const FORM = { elicitation: { form: {} }, roots: {} };

let catalogue: Catalogue;
let kernel: NamedKernel;
let door: HttpDoor;

beforeAll(async () => {
  catalogue = new Catalogue([upstreamOf(stdioDefinition(serverFile('rounds'), [], { era: 'modern' }))]);
  await startAll(catalogue);
});

afterAll(() => catalogue.close());

beforeEach(() => open());
afterEach(() => door.close());

async function open(policy: ConstructorParameters<typeof NamedKernel>[0] = {}): Promise<void> {
  kernel = new NamedKernel(policy);
  door = await HttpDoor.open(catalogue, {}, kernel);
}

const methods = () => kernel.calls.map(({ method }) => method);
const isQuestion = ({ method, id }: Message): boolean => method === 'elicitation/create' && id !== undefined;

/** A client that declines every form, and counts them. */
async function declining() {
  const { client } = await door.connectClient('alice', '/mcp', FORM);
  let forms = 0;
  client.setRequestHandler(ElicitRequestSchema, () => {
    forms++;
    return { action: 'decline' as const };
  });
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: 'file:///work' }] }));
  return { client, forms: () => forms };
}

describe('a server without sessions that asks a client with one', () => {
  it('is called again with the answers and its state as it was, within one decision', async () => {
    const { client, forms } = await declining();
    const result = await client.callTool({ name: 'both', arguments: { a: 1 } });
    expect(JSON.parse(textOf(result))).toEqual({
      name: 'both',
      args: { a: 1 },
      inputResponses: {
        form: { action: 'decline' },
        roots: { roots: [{ uri: 'file:///work' }] },
        ['__proto__']: { action: 'decline' },
      },
      same: true,
      ids: [expect.anything(), expect.anything()],
    });
    expect(Object.keys(result)).toEqual(['content']);
    expect(forms()).toBe(2);
    expect(methods().sort()).toEqual([
      'elicitation/create',
      'elicitation/create',
      'roots/list',
      'tools/call',
    ]);
    const { ids } = JSON.parse(textOf(result)) as { ids: unknown[] };
    expect(new Set(ids).size).toBe(2);
    await client.close();
  });

  it('is called again at once where it only keeps a state, and given none where it gave none', async () => {
    const { client, forms } = await declining();
    expect(textOf(await client.callTool({ name: 'state-only', arguments: {} }))).toBe('"resumed"');
    expect(forms()).toBe(0);
    expect(textOf(await client.callTool({ name: 'no-state', arguments: {} }))).toBe('false');
    await client.close();
  });

  it('is given up after eight rounds', async () => {
    const { client, forms } = await declining();
    const before = Number(textOf(await client.callTool({ name: 'rounds', arguments: {} })));
    await expect(client.callTool({ name: 'endless', arguments: {} })).rejects.toThrow('8 rounds');
    expect(forms()).toBe(8);
    expect(Number(textOf(await client.callTool({ name: 'rounds', arguments: {} }))) - before).toBe(9);
    expect(methods().filter((method) => method === 'tools/call')).toHaveLength(3);
    await client.close();
  });

  it.each([
    ['a result of an unknown type', 'strange'],
    ['a result that needs nothing', 'nothing'],
    ['more questions than a client can be asked', 'too-many'],
  ])('cannot answer with %s', async (_, name) => {
    const { client, forms } = await declining();
    expect(await client.callTool({ name, arguments: {} })).toMatchObject({
      isError: true,
      _meta: { 'aegis/denial': { code: 'UPSTREAM_FAILED' } },
    });
    expect(forms()).toBe(0);
    await client.close();
  });

  it('gets nothing when it asks what the client does not offer', async () => {
    const { client } = await declining();
    await expect(client.callTool({ name: 'not-offered', arguments: {} })).rejects.toThrow(
      'sampling/createMessage',
    );
    expect(methods()).toEqual(['tools/call']);
    await client.close();
  });

  it('gets nothing when one of its questions is denied, and the others are withdrawn', async () => {
    await door.close();
    await open({ denied: ['roots/list'] });
    const session = await door.openSession('alice', '2025-11-25', FORM);
    const stream = await door.stream(toolCall(1, 'both'), { session });
    const { error } = await heard(
      stream,
      'the call ended',
      ({ id, error }) => id === 1 && error !== undefined,
    );
    expect(error?.message).toContain('`roots/list`');
    const questions = stream
      .messages()
      .filter(isQuestion)
      .map(({ id }) => id);
    const withdrawn = stream
      .messages()
      .filter(({ method }) => method === 'notifications/cancelled')
      .map(({ params }) => params?.['requestId']);
    expect(withdrawn).toEqual(questions);
  });

  it('is not called again when the client cancels while it thinks', async () => {
    const session = await door.openSession('alice', '2025-11-25', FORM);
    const count = async (id: number): Promise<number> => {
      const { text } = await door.send(toolCall(id, 'rounds'), { session });
      return Number(textOf((JSON.parse(text) as Message).result));
    };
    const before = await count(1);
    const stream = await door.stream(toolCall(2, 'endless'), { session });
    const { id } = await heard(stream, 'it was asked', isQuestion);
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } };
    await door.send(cancel, { session });
    await until('the stream ended', () => stream.ended());
    await door.send({ jsonrpc: '2.0', id, result: { action: 'accept' } }, { session });
    expect(await count(3)).toBe(before + 1);
  });

  it('has tools whose output schema clients of sessions could not read', async () => {
    const { client } = await declining();
    const { tools } = await client.listTools();
    expect(tools.some(({ outputSchema }) => outputSchema !== undefined)).toBe(false);
    await client.close();
  });
});
