// Servers that do not keep to what MCP says of tasks.
import { afterEach, describe, expect, it } from 'vitest';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { HttpDoor, type Message, toolCall } from './http-door.ts';
import { NamedKernel } from './named-kernel.ts';
import { type Call, handmadeHttp } from './servers/handmade-http.ts';
import { http, startAll, textOf } from './upstreams.ts';

const TASKS = { tools: {}, tasks: { requests: { tools: { call: {} } } } };
const WORKING = {
  taskId: 'theirs',
  status: 'working',
  createdAt: '',
  lastUpdatedAt: '',
  ttl: null,
  pollInterval: 1,
};

type Answers = Readonly<Record<string, (call: Call) => unknown>>;

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A gateway before a server that answers each method so; undefined leaves it without an answer. */
async function open(answers: Answers, kernel = new NamedKernel()) {
  const asked: string[] = [];
  const server = await handmadeHttp({
    capabilities: TASKS,
    post: (call) => {
      const { method = '' } = call.message;
      asked.push(method);
      const tool = { name: 'work', inputSchema: { type: 'object' }, execution: { taskSupport: 'optional' } };
      const answer = method === 'tools/list' ? { tools: [tool] } : answers[method]?.(call);
      if (answer === undefined) return;
      const body =
        answer instanceof Error ? { error: { code: -32602, message: answer.message } } : { result: answer };
      call.response.writeHead(200, { 'Content-Type': 'application/json' });
      call.response.end(JSON.stringify({ jsonrpc: '2.0', id: call.id, ...body }));
    },
  });
  cleanups.push(() => server.close());
  const catalogue = new Catalogue([http({ name: 'liar', url: server.url })]);
  cleanups.push(() => catalogue.close());
  await startAll(catalogue);
  const door = await HttpDoor.open(catalogue, {}, kernel);
  cleanups.push(() => door.close());
  return { door, send: await session(door), asked };
}

/** Sends a message in a session of its own; the answer may have become a stream. */
async function session(door: HttpDoor): Promise<(body: object) => Promise<Message>> {
  const id = await door.openSession();
  return async (body) => {
    const { text } = await door.send(body, { session: id });
    const last = text.split('\n').findLast((line) => line.startsWith('data: {'));
    return JSON.parse(last?.slice('data: '.length) ?? text) as Message;
  };
}

let ids = 0;
const begin = (send: (body: object) => Promise<Message>) => {
  const call = toolCall(++ids, 'work');
  return send({ ...call, params: { ...call.params, task: {} } });
};

const idOf = ({ result }: Message): string | undefined =>
  (result?.['task'] as { taskId: string } | undefined)?.taskId;

async function outcome(answers: Answers) {
  const { send, asked } = await open(answers);
  const begun = await begin(send);
  const taskId = idOf(begun);
  if (taskId === undefined) return { begun, asked };
  const result = await send({ jsonrpc: '2.0', id: ++ids, method: 'tasks/result', params: { taskId } });
  return { begun, result, asked };
}

describe('a server', () => {
  it.each<[string, unknown]>([
    ['is no object', { task: 'yes' }],
    ['has no id', { task: { status: 'working' } }],
    ['has a status that nobody knows', { task: { taskId: 'a', status: 'resting' } }],
    ['has an endless id', { task: { taskId: 'a'.repeat(2_000), status: 'working' } }],
  ])('whose task %s fails the call', async (_, made) => {
    const { begun } = await outcome({ 'tools/call': () => made });
    expect(begun.error).toMatchObject({ code: -31403, data: { code: 'UPSTREAM_FAILED' } });
  });

  it('that makes no task of the call has answered it', async () => {
    const { result, asked } = await outcome({
      'tools/call': () => ({ content: [{ type: 'text', text: 'at once' }] }),
    });
    expect(textOf(result?.result)).toBe('at once');
    expect(asked.filter((method) => method.startsWith('tasks/'))).toEqual([]);
  });

  it('that knows its task no more fails it, and says nothing under its own name for it', async () => {
    const { result } = await outcome({
      'tools/call': () => ({ task: WORKING }),
      'tasks/get': () => new Error('no task theirs'),
    });
    expect(result?.result).toMatchObject({ isError: true });
    expect(textOf(result?.result)).toContain('does not know the task any more');
    expect(JSON.stringify(result)).not.toContain('theirs');
  });

  it('that answers another task fails the call', async () => {
    const { result } = await outcome({
      'tools/call': () => ({ task: WORKING }),
      'tasks/get': () => ({ ...WORKING, taskId: 'another', status: 'completed' }),
      'tasks/result': () => ({ content: [{ type: 'text', text: 'of another' }] }),
    });
    expect(textOf(result?.result)).toContain('something else than the task');
  });

  it('that fails its task with an error has the error told, under our name for the task', async () => {
    const { result, begun } = await outcome({
      'tools/call': () => ({ task: WORKING }),
      'tasks/get': () => ({ ...WORKING, status: 'failed' }),
      'tasks/result': () => new Error('task theirs failed'),
    });
    expect(result?.error).toEqual({ code: -32602, message: `task ${idOf(begun)} failed` });
  });

  it('speaks to the model in the result alone, which is recorded', async () => {
    const { begun } = await outcome({
      'tools/call': () => ({
        task: { ...WORKING, statusMessage: 'obey' },
        _meta: { 'io.modelcontextprotocol/model-immediate-response': 'obey' },
      }),
      'tasks/get': () => ({ ...WORKING, status: 'completed' }),
      'tasks/result': () => ({ content: [] }),
    });
    expect(JSON.stringify(begun)).not.toContain('obey');
  });

  // SECURITY: one client would be given the result of another.
  it('that gives two tasks the same id fails the second', async () => {
    const { door, send } = await open({
      'tools/call': () => ({ task: WORKING }),
      'tasks/get': () => WORKING,
    });
    expect((await begin(send)).result).toHaveProperty('task');
    const second = await begin(await session(door));
    expect(second.error?.message).toContain('the same id');
  });

  it('that is silent for a while is asked again, and one that stays silent fails its task', async () => {
    const kernel = new NamedKernel();
    kernel.limits = { timeoutMs: 100, maxOutputBytes: 1024 };
    let asked = 0;
    const answers: Answers = {
      'tools/call': () => ({ task: WORKING }),
      'tasks/get': () => (++asked === 3 ? WORKING : undefined),
    };
    const { send } = await open(answers, kernel);
    const taskId = idOf(await begin(send));
    const { result } = await send({ jsonrpc: '2.0', id: ++ids, method: 'tasks/result', params: { taskId } });
    expect(asked).toBe(6);
    expect(textOf(result)).toContain('TIMEOUT');
  });

  it('that cannot be told of the end keeps no session from ending', async () => {
    const { door, send, asked } = await open({
      'tools/call': () => ({ task: WORKING }),
      'tasks/get': () => WORKING,
    });
    await begin(send);
    await door.close();
    cleanups.splice(cleanups.length - 1);
    await expect.poll(() => asked).toContain('tasks/cancel');
  });
});
