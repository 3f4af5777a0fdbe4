import { INTERNAL_ERROR, notificationText } from '../../../jsonrpc.ts';
import type { Governed } from '../../govern.ts';
import type { SharedBudget } from '../../shared-budget.ts';
import { ClientTask } from './client-task.ts';
import { isTerminal } from './server-task.ts';

/** How long a task may take and its result is kept, at most, in milliseconds; so long where the client does not say. */
export const MAX_TTL_MS = 60 * 60_000;

/** How long the end of a session waits for servers to hear of it, in milliseconds. */
const MAX_END_MS = 2_500;

interface Kept {
  readonly task: ClientTask;
  readonly seq: number;
  expiry: NodeJS.Timeout | undefined;
  /** What its result takes of the budget. */
  chars: number;
}

/**
 * The tasks of one session, by ids of our own.
 *
 * SECURITY: an id is good for the session that it was given in, and for no other; what servers call their
 * tasks is known to no client.
 */
export class SessionTasks {
  readonly #max: number;
  readonly #room: SharedBudget;
  readonly #tell: (text: string) => void;
  readonly #kept = new Map<string, Kept>();
  /** The tasks that are going on, by server and by its own id. */
  readonly #running = new Map<string, ClientTask>();
  #seq = 0;
  /** Calls without an outcome, those that were cancelled included. */
  readonly #following = new Set<Promise<void>>();
  #closed = false;

  /** `room` is shared by all sessions; `tell` reaches the client outside of any request. */
  constructor(max: number, room: SharedBudget, tell: (text: string) => void) {
    this.#max = max;
    this.#room = room;
    this.#tell = tell;
  }

  /** Whether no task goes on, and no result waits for its client. */
  get isEmpty(): boolean {
    return this.#kept.size === 0 && this.#following.size === 0;
  }

  /** A new task, or undefined when there are too many: the oldest that is over makes room for it. */
  create(ttlMs = MAX_TTL_MS): ClientTask | undefined {
    if (this.#closed) return undefined;
    if (this.#following.size >= this.#max) return undefined;
    if (this.#kept.size >= this.#max) {
      const over = [...this.#kept.values()].find(({ task }) => isTerminal(task.status));
      if (over === undefined) return undefined;
      this.#remove(over);
    }
    const task = new ClientTask(Math.min(ttlMs, MAX_TTL_MS), (changed) => {
      if (!this.#closed)
        this.#tell(notificationText('notifications/tasks/status', changed.view('without words')));
    });
    this.#kept.set(task.id, { task, seq: ++this.#seq, expiry: undefined, chars: 0 });
    return task;
  }

  /** Keeps what comes of a task until its time is over; nothing of one that its server never took. */
  follow(task: ClientTask, governed: Promise<Governed>): Promise<void> {
    const following = this.#follow(task, governed).finally(() => this.#following.delete(following));
    this.#following.add(following);
    return following;
  }

  /** Resolves when the calls that were given up have ended at their servers, or after a while. */
  async ended(): Promise<void> {
    const { promise: deadline, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, MAX_END_MS);
    await Promise.race([Promise.all(this.#following), deadline]);
    clearTimeout(timer);
  }

  async #follow(task: ClientTask, governed: Promise<Governed>): Promise<void> {
    const settled = await governed.catch(() => UNKNOWN);
    const kept = this.#kept.get(task.id);
    const goesOn = kept !== undefined && task.isBegun && !isTerminal(task.status);
    task.settle(goesOn && !this.#keep(kept, settled) ? NO_ROOM : settled);
    if (kept !== undefined && !task.isBegun) this.#remove(kept);
  }

  /** The task is under way at its server, under the server's own name; its time begins. Returns how to leave. */
  running(task: ClientTask, server: string, serverId: string): () => void {
    const key = keyOf(server, serverId);
    this.#running.set(key, task);
    return () => void this.#running.delete(key);
  }

  /** The server says that there is something new about a task. */
  changed(server: string, serverId: string): void {
    this.#running.get(keyOf(server, serverId))?.poke();
  }

  /** The time of a task that its server has taken. */
  expire(task: ClientTask): void {
    const kept = this.#kept.get(task.id);
    if (kept !== undefined) kept.expiry = setTimeout(() => this.#remove(kept), task.ttlMs).unref();
  }

  /** Only tasks that their servers have taken have ids that anybody knows. */
  find(id: string): ClientTask | undefined {
    const task = this.#kept.get(id)?.task;
    return task?.isBegun === true ? task : undefined;
  }

  /** In the order of their beginning; `exposed` sorts in that order, too. */
  list(): readonly { readonly exposed: string; readonly task: ClientTask }[] {
    return [...this.#kept.values()]
      .filter(({ task }) => task.isBegun)
      .map(({ task, seq }) => ({ exposed: String(seq).padStart(12, '0'), task }));
  }

  /** Gives up what goes on; the servers are told. */
  cancelAll(): void {
    this.#closed = true;
    for (const kept of [...this.#kept.values()]) this.#remove(kept);
  }

  /** Takes room for a result; what the session keeps of older ones goes for it. False when there is too little. */
  #keep(kept: Kept, governed: Governed): boolean {
    const chars = JSON.stringify(governed).length;
    for (const other of this.#kept.values()) {
      if (this.#room.take(chars)) {
        kept.chars = chars;
        return true;
      }
      if (other.chars > 0) this.#remove(other);
    }
    kept.chars = this.#room.take(chars) ? chars : 0;
    return kept.chars > 0;
  }

  #remove(kept: Kept): void {
    clearTimeout(kept.expiry);
    this.#kept.delete(kept.task.id);
    this.#room.giveBack(kept.chars);
    kept.chars = 0;
    kept.task.cancel();
  }
}

const NO_ROOM: Governed = {
  kind: 'error',
  code: INTERNAL_ERROR,
  message: 'the result is recorded, and there is no room to keep it',
};

const UNKNOWN: Governed = {
  kind: 'error',
  code: INTERNAL_ERROR,
  message: 'the gateway failed to handle the request',
};

function keyOf(server: string, id: string): string {
  return JSON.stringify([server, id]);
}
