import { describe, expect, it } from 'vitest';
import { HttpDoor, messageOf } from './http-door.ts';
import { about, asTask, catalogue, door, kernel, session, taskOf, tasks, tasksBehind } from './task-front.ts';
import { textOf, until } from './upstreams.ts';

tasksBehind();

describe('the end of a task', () => {
  it('comes when the client cancels it: its server hears of it, and it stays cancelled', async () => {
    const send = await session();
    const { taskId } = taskOf(await send(asTask(1, 'never'))) ?? {};
    expect(await send(about(2, 'tasks/cancel', { taskId }))).toMatchObject({
      result: { status: 'cancelled' },
    });
    await until('the server was told', () => tasks.cancelled.length === 1);
    expect((await send(about(3, 'tasks/cancel', { taskId }))).error?.code).toBe(-32602);
    expect((await send(about(4, 'tasks/result', { taskId }))).error?.message).toBe('the task was cancelled');
    expect(await send(about(5, 'tasks/get', { taskId }))).toMatchObject({ result: { status: 'cancelled' } });
  });

  it('comes with the session: its server is told', async () => {
    const id = await door.openSession('alice', '2025-11-25');
    await door.send(asTask(1, 'tasks__never'), { session: id });
    await until('it is under way', () => tasks.tasks.length === 1);
    await door.send(undefined, { method: 'DELETE', session: id });
    expect(tasks.cancelled).toHaveLength(1);
  });

  it('comes when its time is over: nobody finds it, or asks for it, any more', async () => {
    const send = await session();
    const made = taskOf(await send(asTask(1, 'never', {}, { ttl: 300 })));
    expect(made?.ttl).toBe(300);
    let id = 2;
    await expect
      .poll(async () => (await send(about(id++, 'tasks/get', { taskId: made?.taskId }))).error?.code)
      .toBe(-32602);
    // What was under way towards the server may still arrive.
    await new Promise((resolve) => setTimeout(resolve, 200));
    tasks.polls = 0;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(tasks.polls).toBe(0);
  });

  it('is not later than an hour after its beginning', async () => {
    const send = await session();
    expect(taskOf(await send(asTask(1, 'work', {}, { ttl: 1e12 })))?.ttl).toBe(3_600_000);
    expect(taskOf(await send(asTask(2, 'work', {}, {})))?.ttl).toBe(3_600_000);
  });

  it('is not the end of what the client had cancelled of its requests', async () => {
    const id = await door.openSession('alice', '2025-11-25');
    const { taskId } =
      taskOf(messageOf(await door.send(asTask(1, 'tasks__work', { ms: '400' }), { session: id }))) ?? {};
    const waiting = door.send(about(2, 'tasks/result', { taskId }), { session: id });
    await until('it is waited for', () => kernel.calls.some(({ method }) => method === 'tasks/result'));
    await door.send(
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } },
      { session: id },
    );
    expect((await waiting).status).toBe(202);
    const { text } = await door.send(about(3, 'tasks/result', { taskId }), { session: id });
    expect(text).toContain('done');
    expect(tasks.cancelled).toEqual([]);
  });
});

describe('tasks are bounded', () => {
  it('in their number: one that is over makes room, one that goes on does not', async () => {
    const small = await HttpDoor.open(catalogue, { maxTasks: 2 }, kernel);
    const id = await small.openSession();
    const send = async (body: object) => messageOf(await small.send(body, { session: id }));
    const first = taskOf(await send(asTask(1, 'tasks__work')));
    await send(about(2, 'tasks/result', { taskId: first?.taskId }));
    await send(asTask(3, 'tasks__never'));
    expect(taskOf(await send(asTask(4, 'tasks__never')))).toBeDefined();
    expect((await send(about(5, 'tasks/get', { taskId: first?.taskId }))).error?.code).toBe(-32602);
    expect((await send(asTask(6, 'tasks__work'))).error?.message).toContain('too many tasks');
    expect(kernel.refusals.at(-1)?.code).toBe('RATE_LIMITED');
    await small.close();
  });

  it('in what is kept of their results, over all sessions', async () => {
    const small = await HttpDoor.open(catalogue, { maxTaskChars: 1_000 }, kernel);
    const id = await small.openSession();
    const send = async (body: object) => messageOf(await small.send(body, { session: id }));
    const result = async (n: number, text: string) => {
      const { taskId } = taskOf(await send(asTask(n, 'tasks__work', { text }))) ?? {};
      return { taskId, answer: await send(about(n + 1, 'tasks/result', { taskId })) };
    };
    const first = await result(1, 'x'.repeat(600));
    expect(textOf(first.answer.result)).toHaveLength(600);
    // The next one takes its place.
    expect(textOf((await result(3, 'y'.repeat(600))).answer.result)).toHaveLength(600);
    expect((await send(about(5, 'tasks/get', { taskId: first.taskId }))).error?.code).toBe(-32602);
    expect((await result(6, 'z'.repeat(2_000))).answer.error?.message).toContain('no room to keep it');
    await small.close();
  });

  it('in the size of their results, as any call', async () => {
    kernel.limits = { timeoutMs: 5_000, maxOutputBytes: 500 };
    const send = await session();
    const { taskId } = taskOf(await send(asTask(1, 'work', { text: 'x'.repeat(1_000) }))) ?? {};
    const { result } = await send(about(2, 'tasks/result', { taskId }));
    expect(result).toMatchObject({ isError: true });
    expect(JSON.stringify(result)).toContain('OUTPUT_TOO_LARGE');
  });

  it('in how often their servers are asked for them', async () => {
    const send = await session();
    tasks.polls = 0;
    await send(asTask(1, 'never'));
    await new Promise((resolve) => setTimeout(resolve, 550));
    expect(tasks.polls).toBeGreaterThan(1);
    expect(tasks.polls).toBeLessThan(8);
  });
});
