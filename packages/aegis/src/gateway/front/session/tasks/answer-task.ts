import type { GovernedCall } from '../../../../enforce/door.ts';
import { assertNever, type JsonObject, type Resource } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../../ports.ts';
import { INTERNAL_ERROR, INVALID_PARAMS, type RequestMessage, resultText } from '../../../jsonrpc.ts';
import type { Send } from '../../channel.ts';
import { deniedToolResult } from '../../denial.ts';
import { governedText, settled } from '../../govern.ts';
import type { OpenSession } from '../open-session.ts';
import { pageOf } from '../../page.ts';
import { refusalText } from '../refusal.ts';
import type { ClientTask, TaskWaiter } from './client-task.ts';
import { withRelatedTask } from './related-task.ts';

/** The requests about tasks (MCP 2025-11-25). */
export const TASK_METHODS: ReadonlySet<string> = new Set([
  'tasks/get',
  'tasks/result',
  'tasks/list',
  'tasks/cancel',
]);

/** Tasks are the session's own affair: the tool call that each began was judged. */
const TASKS: Resource = { kind: 'server', server: 'aegis', name: 'tasks' };

/** Answers a request about the tasks of a session: one decision, and one record. */
export async function answerTask(
  session: OpenSession,
  request: RequestMessage,
  signal: AbortSignal,
  send: Send,
): Promise<string> {
  const { id, method, params } = request;
  if (method === 'tasks/list') return answerTasks(session, request, signal);
  const { taskId } = params;
  const task = typeof taskId === 'string' ? session.tasks.find(taskId) : undefined;
  if (task === undefined) {
    const message = 'there is no such task, or its time is over';
    return refusalText(session.context.kernel, session.handle, { id, method, code: INVALID_PARAMS, message });
  }
  let seen: JsonObject = {};
  const execute = async (limits: UpstreamLimits): Promise<UpstreamReply> => {
    const reply = await perform(method, task, limits, { send, signal });
    if (reply.kind === 'result') seen = reply.result;
    return reply;
  };
  return answer(session, request, { args: { taskId: task.id }, signal, execute }, (told) =>
    method === 'tasks/result' ? withRelatedTask(told, task.id) : withWords(seen, told),
  );
}

async function answerTasks(
  session: OpenSession,
  request: RequestMessage,
  signal: AbortSignal,
): Promise<string> {
  const { id, method, params } = request;
  const { kernel, limits } = session.context;
  const page = pageOf(session.tasks.list(), params['cursor'], limits.pageSize);
  if (page === undefined) {
    const message = 'the cursor is not one of ours';
    return refusalText(kernel, session.handle, { id, method, code: INVALID_PARAMS, message });
  }
  const { items, nextCursor } = page;
  const tasks = items.map(({ task }) => task.view('with words'));
  const execute = (): Promise<UpstreamReply> => Promise.resolve(result({ tasks }));
  return answer(session, request, { args: {}, signal, execute }, ({ tasks: told }) => ({
    tasks: tasks.map((task, at) => withWords(task, (told as readonly JsonObject[])[at])),
    ...(nextCursor === undefined ? {} : { nextCursor }),
  }));
}

/** `own` puts back what is ours in the result, which a mask may have taken for something else. */
async function answer(
  { context: { kernel }, handle }: OpenSession,
  { id, method }: RequestMessage,
  call: Pick<GovernedCall, 'args' | 'execute'> & { readonly signal: AbortSignal },
  own: (told: JsonObject) => JsonObject,
): Promise<string> {
  const governed = settled(await kernel.mediate(handle, { method, resource: TASKS, ...call }));
  if (governed.kind !== 'result') return governedText(id, method, governed);
  return resultText(id, own(governed.result));
}

/** A task as it was, with its words as they may be told. */
function withWords(task: JsonObject, told: JsonObject | undefined): JsonObject {
  const words = told?.['statusMessage'];
  return words === undefined ? task : { ...task, statusMessage: words };
}

async function perform(
  method: string,
  task: ClientTask,
  limits: UpstreamLimits,
  waiter: TaskWaiter,
): Promise<UpstreamReply> {
  switch (method) {
    case 'tasks/get':
      return result(task.view('with words'));
    case 'tasks/cancel':
      return task.cancel() ? result(task.view('with words')) : error(INVALID_PARAMS, 'the task is over');
    default:
      await task.wait(waiter);
      if (waiter.signal.aborted)
        throw new UpstreamError('cancelled', 'the result is not waited for any more');
      return resultOf(task, limits);
  }
}

/** What the call would have been answered, as it was recorded. */
function resultOf({ id, governed }: ClientTask, { maxOutputBytes }: UpstreamLimits): UpstreamReply {
  if (governed === undefined) return error(INTERNAL_ERROR, 'the task was cancelled');
  switch (governed.kind) {
    case 'result': {
      const bytes = Buffer.byteLength(JSON.stringify(governed.result));
      if (bytes > maxOutputBytes) {
        throw new UpstreamError('too_large', `the result of the task is larger than ${maxOutputBytes} bytes`);
      }
      return { kind: 'result', result: withRelatedTask(governed.result, id), bytes };
    }
    case 'error':
      return governed;
    case 'denied':
      return result(withRelatedTask(deniedToolResult(governed.denial), id));
    default:
      return assertNever(governed);
  }
}

function result(members: JsonObject): UpstreamReply {
  return { kind: 'result', result: members, bytes: 0 };
}

function error(code: number, message: string): UpstreamReply {
  return { kind: 'error', code, message };
}
