import { maskResult, type Masks } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../../ports.ts';
import type { UpstreamLink } from '../../../upstream/server.ts';
import { RequestTalk, SessionConversation } from '../conversation.ts';
import type { OpenSession } from '../open-session.ts';
import type { Target } from '../../target.ts';
import type { ClientTask, TaskWaiter } from './client-task.ts';
import { withRelatedTask } from './related-task.ts';
import { claimTask, isTerminal, readServerTask, type ServerTask } from './server-task.ts';

/** How often a server is asked for the status of a task, in milliseconds, whatever it says. */
const MIN_POLL_MS = 100;
const MAX_POLL_MS = 30_000;
const POLL_MS = 1_000;

/** So often in a row a server may fail to say how a task stands. */
const MAX_FAILURES = 3;

/** For questions about a task, and for the end of one, of which nobody waits to hear long. */
const STATUS_BYTES = 64 * 1024;
const CANCEL_LIMITS: UpstreamLimits = { timeoutMs: 2_000, maxOutputBytes: STATUS_BYTES };

/** What a task needs to run at its server, within the decision on its call. */
export interface TaskRun {
  readonly session: OpenSession;
  readonly task: ClientTask;
  readonly target: Target;
  readonly limits: UpstreamLimits;
  readonly mask: Masks;
  /** The request that began it. */
  readonly began: TaskWaiter;
}

/**
 * Runs a tool call as a task of its server, from its beginning to its result: to the kernel it is one call,
 * however long it takes, and what comes back is its reply. Throws `UpstreamError`.
 */
export async function runTask(run: TaskRun): Promise<UpstreamReply> {
  const { session, task, target } = run;
  const { upstream } = target;
  const link = session.links.to(upstream);
  session.hear(link, upstream);
  const made = await create(run, link);
  if (!('id' in made)) return made;
  const leave = claimTask(link, made.id);
  if (leave === undefined) throw protocol(run, 'gave two tasks the same id');
  const stop = session.tasks.running(task, upstream.name, made.id);
  const atServer = new TaskAtServer(run, link, made);
  try {
    task.begin(made.ttlMs ?? Number.POSITIVE_INFINITY);
    session.tasks.expire(task);
    return await atServer.result();
  } finally {
    await atServer.end();
    stop();
    leave();
  }
}

/** The task that the server made of the call, or its reply where it made none. */
async function create(run: TaskRun, link: UpstreamLink): Promise<ServerTask | UpstreamReply> {
  const { session, task, target, limits, began } = run;
  const { timeoutMs, maxOutputBytes } = limits;
  const params = { ...target.params, task: { ttl: task.ttlMs } };
  const conversation = conversationOf(run, began, undefined);
  // Not given up before it is answered: nobody could end a task whose id is not known.
  const sent = link.request('tools/call', params, { timeoutMs, maxOutputBytes }, conversation);
  const reply = await conversation.relayed(await sent);
  if (reply.kind === 'error') return reply;
  const made = readServerTask(reply.result['task']);
  if (made !== undefined) return made;
  if (reply.result['task'] !== undefined) throw protocol(run, 'answered no task that can be followed');
  task.begin(Number.POSITIVE_INFINITY);
  session.tasks.expire(task);
  return ownReply(run, reply, undefined);
}

/** One task as it goes on at its server. */
class TaskAtServer {
  readonly #run: TaskRun;
  readonly #link: UpstreamLink;
  readonly #id: string;
  #state: ServerTask;
  #failures = 0;

  constructor(run: TaskRun, link: UpstreamLink, made: ServerTask) {
    this.#run = run;
    this.#link = link;
    this.#id = made.id;
    this.#state = made;
  }

  async result(): Promise<UpstreamReply> {
    const { task, began, mask } = this.#run;
    for (;;) {
      const { status, message, pollMs = POLL_MS } = this.#state;
      if (task.signal.aborted) throw cancelled(this.#run);
      if (isTerminal(status)) return this.#retrieve(task.waiter ?? began);
      // SECURITY: what the result may not show, the words on the way to it may not show either.
      const words =
        message === undefined ? undefined : String(maskResult({ message }, mask).result['message']);
      task.update(status, words, pollMs);
      const answered = status === 'input_required' ? await this.#ask() : undefined;
      if (answered !== undefined) return answered;
      await this.#rest(Math.min(Math.max(pollMs, MIN_POLL_MS), MAX_POLL_MS));
      await this.#look();
    }
  }

  /** Tells the server that nobody wants the result any more, unless it is there. */
  async end(): Promise<void> {
    if (isTerminal(this.#state.status)) return;
    const told = this.#link.request('tasks/cancel', { taskId: this.#id }, CANCEL_LIMITS).catch(() => {});
    // The line may be closed as soon as the call has ended; a call that failed is not held up.
    if (this.#run.task.signal.aborted) await told;
  }

  /**
   * The server has questions, which it asks whoever waits for its result (MCP 2025-11-25, tasks, "Input
   * Required Status"): once a client does, so do we. Undefined while the result is not there.
   */
  async #ask(): Promise<UpstreamReply | undefined> {
    const { waiter } = this.#run.task;
    if (waiter === undefined) return undefined;
    try {
      return await this.#retrieve(waiter);
    } catch (error) {
      if (error instanceof UpstreamError && error.failure === 'timeout') return undefined;
      throw error;
    }
  }

  async #retrieve(waiter: TaskWaiter): Promise<UpstreamReply> {
    const { limits } = this.#run;
    const conversation = conversationOf(this.#run, waiter, this.#id);
    const reply = await this.#link.request('tasks/result', { taskId: this.#id }, limits, conversation);
    // However it stood before: it has its result.
    this.#state = { ...this.#state, status: 'completed' };
    return ownReply(this.#run, await conversation.relayed(reply), this.#id);
  }

  /** A server that tells of news again and again is not asked more often than this. */
  async #rest(ms: number): Promise<void> {
    const { task } = this.#run;
    const startedAt = performance.now();
    await task.rest(ms);
    const leftMs = MIN_POLL_MS - (performance.now() - startedAt);
    if (leftMs > 0 && !task.signal.aborted) await new Promise((resolve) => setTimeout(resolve, leftMs));
  }

  async #look(): Promise<void> {
    const { task, limits } = this.#run;
    if (task.signal.aborted) return;
    const bounded = { ...limits, maxOutputBytes: STATUS_BYTES };
    let reply: UpstreamReply;
    try {
      reply = await this.#link.request('tasks/get', { taskId: this.#id }, bounded);
    } catch (error) {
      if (task.signal.aborted || ++this.#failures >= MAX_FAILURES) throw error;
      return;
    }
    this.#failures = 0;
    if (reply.kind === 'error') throw protocol(this.#run, 'does not know the task any more');
    const state = readServerTask(reply.result);
    if (state?.id !== this.#id) throw protocol(this.#run, 'answered something else than the task');
    this.#state = state;
  }
}

function conversationOf(
  { session, task, target, mask }: TaskRun,
  { send, signal }: TaskWaiter,
  serverId: string | undefined,
): SessionConversation {
  const given = AbortSignal.any([task.signal, signal]);
  const related = serverId === undefined ? undefined : { client: task.id, server: serverId };
  const talk = new RequestTalk(send, given, undefined, related);
  return new SessionConversation(session.client, target.upstream.name, talk, mask);
}

/** A reply under our own name for the task. */
function ownReply({ task }: TaskRun, reply: UpstreamReply, serverId: string | undefined): UpstreamReply {
  if (reply.kind === 'result') return { ...reply, result: withRelatedTask(reply.result, task.id) };
  const { message } = reply;
  return { ...reply, message: serverId === undefined ? message : message.replaceAll(serverId, task.id) };
}

function protocol({ target }: TaskRun, what: string): UpstreamError {
  return new UpstreamError('protocol', `server \`${target.upstream.name}\` ${what}`);
}

function cancelled({ target }: TaskRun): UpstreamError {
  return new UpstreamError('cancelled', `the task of server \`${target.upstream.name}\` was given up`);
}
