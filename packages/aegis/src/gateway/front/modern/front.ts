import { codeOf } from '@aegis/core';
import type { Caller, Kernel, SessionHandle } from '../../../enforce/door.ts';
import {
  errorText,
  INTERNAL_ERROR,
  INVALID_REQUEST,
  isNotification,
  type Message,
  type RequestId,
} from '../../jsonrpc.ts';
import type { Answer, Exchange } from './exchange.ts';
import { MODERN_LIMITS, type ModernLimits } from './limits.ts';
import { methodProblem, Methods } from './methods.ts';
import { envelopeProblem, malformed, type Problem } from './problem.ts';
import { refuse } from './refuse.ts';
import { readRequestMeta } from './request-meta.ts';
import { Results } from './results.ts';
import type { Run } from './run.ts';
import { readRunId } from './run-id.ts';
import { type RunHold, Runs } from './runs.ts';

export interface ModernFrontOptions {
  readonly kernel: Kernel;
  /** Version of Aegis, told to clients. */
  readonly version: string;
  readonly limits?: Partial<ModernLimits>;
}

type Request = Extract<Message, { kind: 'request' }>;

/**
 * MCP without sessions (2026-07-28), whatever carries it: every message stands for itself and leads to one
 * answer, and every one that is refused to one record. What must last between messages lasts in runs.
 */
export class ModernFront {
  readonly #kernel: Kernel;
  readonly #limits: ModernLimits;
  readonly #runs: Runs;
  readonly #methods: Methods;
  #closed = false;

  constructor({ kernel, version, limits }: ModernFrontOptions) {
    this.#kernel = kernel;
    this.#limits = { ...MODERN_LIMITS, ...limits };
    this.#runs = new Runs(kernel, this.#limits);
    this.#methods = new Methods(kernel, this.#limits, new Results(version));
  }

  /** Takes one message and answers it. Never rejects. */
  async receive(message: Message, exchange: Exchange): Promise<void> {
    const id = message.kind === 'request' ? message.id : null;
    try {
      exchange.end(await this.#answer(message, exchange));
    } catch {
      exchange.end(failed(id, 'the gateway failed to handle the request', 500));
    }
  }

  /** Refuses what did not become a message: one record, in the caller's own run. Never rejects. */
  async refuse(method: string, problem: Problem, exchange: Exchange): Promise<void> {
    try {
      exchange.end(await this.#refuse(null, method, problem, exchange));
    } catch {
      exchange.end(failed(null, NOT_RECORDED, 503));
    }
  }

  /** The session of a run that a caller is in; undefined where there is none. */
  sessionOf(caller: Caller, run: string): SessionHandle | undefined {
    return this.#runs.find(caller, run);
  }

  /** Ends subscriptions and runs. Never rejects. */
  async close(cause: string): Promise<void> {
    this.#closed = true;
    this.#methods.closeSubscriptions();
    await this.#runs.closeAll(cause);
  }

  async #answer(message: Message, exchange: Exchange): Promise<Answer> {
    switch (message.kind) {
      case 'request':
        return this.#request(message, exchange);
      case 'notification':
        // None is defined for this transport; what is cancelled on a pair of streams never comes here.
        return isNotification(message.method)
          ? { text: undefined, status: 202 }
          : this.#refuse(null, message.method, WITHOUT_ID, exchange);
      case 'response':
        return this.#refuse(null, 'response', NOTHING_ASKED, exchange);
      case 'invalid': {
        const { id, method, code, message: why } = message;
        return this.#refuse(id, method, { code, status: 400, message: why }, exchange);
      }
    }
  }

  async #request({ id, method, params }: Request, exchange: Exchange): Promise<Answer> {
    const { headers } = exchange;
    const meta = readRequestMeta(params);
    const named = readRunId(params, headers);
    const handoff = 'problem' in meta ? undefined : meta.handoff;
    const runId = named.kind === 'run' ? named.id : undefined;
    const client = 'problem' in meta ? undefined : meta.client;
    return this.#within(exchange, { id, runId, client, handoff }, async (run) => {
      const refused = (problem: Problem): Promise<Answer> =>
        refuse(this.#kernel, { run, id, method }, problem);
      if ('problem' in meta) return refused(malformed(meta.problem));
      const problem =
        envelopeProblem(headers, method, meta.revision) ??
        (named.kind === 'invalid' ? { ...named, status: 400 } : undefined) ??
        methodProblem(exchange, method, params) ??
        (run.underway < this.#limits.maxInFlight ? undefined : CROWDED);
      if (problem !== undefined) return refused(problem);
      run.underway++;
      try {
        return await this.#methods.answer({ id, method, params, meta, run, exchange });
      } finally {
        run.underway--;
      }
    });
  }

  /** What belongs to no run is recorded in the one that the caller is in. */
  #refuse(id: RequestId | null, method: string, problem: Problem, exchange: Exchange): Promise<Answer> {
    return this.#within(exchange, { id }, (run) => refuse(this.#kernel, { run, id, method }, problem));
  }

  async #within(
    { caller }: Exchange,
    {
      id,
      runId,
      client,
      handoff = caller.handoff,
    }: {
      readonly id: RequestId | null;
      readonly runId?: string | undefined;
      readonly client?: string | undefined;
      readonly handoff?: string | undefined;
    },
    work: (run: Run) => Promise<Answer>,
  ): Promise<Answer> {
    if (this.#closed) return failed(id, 'Aegis is shutting down', 503);
    let hold: RunHold | undefined;
    try {
      const behalf = handoff === undefined ? caller : { ...caller, handoff };
      hold = await this.#runs.enter(behalf, runId, client);
    } catch (error) {
      if (codeOf(error) === 'FORBIDDEN') {
        return { text: errorText(id, INVALID_REQUEST, (error as Error).message), status: 403 };
      }
      return failed(id, NOT_RECORDED, 503);
    }
    // Nothing is recorded of it: there is no session to record it in, and there are too many already.
    if (hold === undefined) return failed(id, 'too many runs are open', 503);
    try {
      return await work(hold.run);
    } finally {
      hold.leave();
    }
  }
}

const NOT_RECORDED = 'the run cannot be recorded, so nothing is done';

const WITHOUT_ID: Problem = { code: INVALID_REQUEST, status: 400, message: 'a request needs an id' };

const NOTHING_ASKED: Problem = {
  code: INVALID_REQUEST,
  status: 400,
  message: 'nothing was asked of the client',
};

const CROWDED: Problem = {
  code: INVALID_REQUEST,
  status: 200,
  message: 'too many requests at the same time',
  reason: 'RATE_LIMITED',
};

function failed(id: RequestId | null, message: string, status: number): Answer {
  return { text: errorText(id, INTERNAL_ERROR, message), status };
}
