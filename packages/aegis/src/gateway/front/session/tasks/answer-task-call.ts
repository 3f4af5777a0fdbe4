import { isJsonObject, type JsonObject } from '@aegis/core';
import {
  DENIED,
  errorText,
  INVALID_PARAMS,
  METHOD_NOT_FOUND,
  type RequestMessage,
  resultText,
} from '../../../jsonrpc.ts';
import type { Send } from '../../channel.ts';
import { denialJson, quoted } from '../../denial.ts';
import { govern, governedText } from '../../govern.ts';
import type { OpenSession } from '../open-session.ts';
import { refusalText } from '../refusal.ts';
import { TARGET_READERS, type TargetReading } from '../../target.ts';
import { runTask } from './run-task.ts';
import { isDuration } from './server-task.ts';
import { userTextOf } from '../../user-text.ts';

/** Answers a tool call that is to go on as a task, once its server has taken it. */
export async function answerTaskCall(
  session: OpenSession,
  request: RequestMessage,
  signal: AbortSignal,
  send: Send,
): Promise<string> {
  const { id, method, params } = request;
  const { kernel } = session.context;
  const refuse = (code: number, message: string, reason?: 'RATE_LIMITED'): Promise<string> =>
    refusalText(kernel, session.handle, { id, method, code, message }, reason);
  const { task: wanted } = params;
  if (!isJsonObject(wanted) || !(wanted['ttl'] === undefined || isDuration(wanted['ttl']))) {
    return refuse(INVALID_PARAMS, '`task` must be an object, and its `ttl` a number of milliseconds');
  }
  const reading = readTool(params, session);
  const name = String(params['name']);
  if (!mayBeTask(name, reading, session)) {
    return refuse(METHOD_NOT_FOUND, `the tool ${quoted(name)} cannot be called as a task`);
  }
  const { ttl } = wanted;
  const task = session.tasks.create(isDuration(ttl) ? ttl : undefined);
  if (task === undefined) return refuse(INVALID_PARAMS, 'the session has too many tasks', 'RATE_LIMITED');
  // Until it is taken, the task belongs to this request (MCP 2025-11-25, cancellation).
  const giveUp = (): void => void task.cancel();
  signal.addEventListener('abort', giveUp);
  const call = { method, signal: task.signal, ...userTextOf(params) };
  const began = { send, signal };
  const governed = govern(kernel, session.handle, call, reading, (target, limits, mask) =>
    runTask({ session, task, target, limits, mask, began }),
  );
  const settled = session.tasks.follow(task, governed);
  await Promise.race([task.taken, settled]);
  signal.removeEventListener('abort', giveUp);
  if (task.isBegun) return resultText(id, { task: task.view('without words') });
  const refused = await governed;
  // No result that says so: one with a task is waited for.
  return refused.kind === 'denied'
    ? errorText(id, DENIED, refused.denial.message, denialJson(refused.denial))
    : governedText(id, method, refused);
}

function readTool(params: JsonObject, { context }: OpenSession): TargetReading {
  const read = TARGET_READERS.get('tools/call');
  if (read === undefined) throw new TypeError('no reader for tool calls');
  return read(params, context.catalogue);
}

/**
 * Whether a call is let through to be judged.
 *
 * SECURITY: of a tool that is hidden nothing is said, not even that it is no task.
 */
function mayBeTask(
  name: string,
  reading: TargetReading,
  { context: { kernel, catalogue }, handle }: OpenSession,
): boolean {
  switch (reading.kind) {
    case 'target': {
      const { resource } = reading.target;
      const { execution } = catalogue.tool(name)?.definition ?? {};
      return execution !== undefined || !kernel.visible(handle, 'tools/call', resource);
    }
    case 'fan_out':
      return !reading.targets.some(({ resource }) => kernel.visible(handle, 'tools/call', resource));
    default:
      return true;
  }
}
