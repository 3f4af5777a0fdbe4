import { METHOD_NOT_FOUND, type RequestMessage } from '../../jsonrpc.ts';
import { answerCall } from './answer-call.ts';
import { answerList } from './answer-list.ts';
import { answerLogLevel } from './answer-log-level.ts';
import { answerFollow, answerUnfollow } from './answer-subscription.ts';
import type { Send } from '../channel.ts';
import { quoted } from '../denial.ts';
import { LISTED } from '../listed.ts';
import { someOffers } from '../offered.ts';
import type { OpenSession } from './open-session.ts';
import { refusalText } from './refusal.ts';
import { TARGET_READERS } from '../target.ts';
import { answerTask, TASK_METHODS } from './tasks/answer-task.ts';
import { answerTaskCall } from './tasks/answer-task-call.ts';

/** Answers one request of an open session; `send` is the way to the client before the answer. */
export function answerRequest(
  session: OpenSession,
  request: RequestMessage,
  signal: AbortSignal,
  send: Send,
): Promise<string> {
  const { id, method } = request;
  const { kernel, catalogue } = session.context;
  if (session.runsTasks) {
    if (TASK_METHODS.has(method)) return answerTask(session, request, signal, send);
    if (method === 'tools/call' && request.params['task'] !== undefined) {
      return answerTaskCall(session, request, signal, send);
    }
  }
  const readTarget = TARGET_READERS.get(method);
  if (
    readTarget !== undefined &&
    (method !== 'completion/complete' || someOffers(catalogue, 'completions'))
  ) {
    return answerCall(session, request, readTarget, signal, send);
  }
  const listed = LISTED.get(method);
  if (listed !== undefined) return answerList(session, request, listed);
  if (method === 'logging/setLevel' && someOffers(catalogue, 'logging')) {
    return answerLogLevel(session, request, signal);
  }
  if (method === 'resources/subscribe' && someOffers(catalogue, 'subscribe')) {
    return answerFollow(session, request, signal);
  }
  if (method === 'resources/unsubscribe' && someOffers(catalogue, 'subscribe')) {
    return answerUnfollow(session, request, signal);
  }
  const message = `method ${quoted(method)} is not offered`;
  return refusalText(kernel, session.handle, { id, method, code: METHOD_NOT_FOUND, message });
}
