import { isJsonObject, type JsonObject, type Masks } from '@aegis/core';
import type { UpstreamReply } from '../../../ports.ts';
import { INTERNAL_ERROR, METHOD_NOT_FOUND } from '../../jsonrpc.ts';
import { answers } from '../ask.ts';
import type { LogLevel } from '../log-level.ts';
import { logMessageText } from '../log-message.ts';
import type { Governed } from '../govern.ts';
import type { ProgressRelay } from '../progress.ts';
import type { Progress } from '../../upstream/server.ts';
import type { Send } from '../channel.ts';
import type { Needs, Question } from './questions.ts';

/** Log messages that one request is sent; a server that logs more is not listened to any more. */
const MAX_LOG_MESSAGES = 1_000;

/** Questions within one call; a server that asks more is refused without a record. */
const MAX_QUESTIONS = 256;

/** The request of the client that waits for a call now. */
export interface Waiter {
  readonly declared: JsonObject;
  readonly signal: AbortSignal;
  readonly send: Send;
  readonly progress: ProgressRelay | undefined;
  readonly logLevel: LogLevel | undefined;
}

/** How far a call has come: to its end, or to questions that the client must answer first. */
export type Stage =
  | { readonly kind: 'ended'; readonly governed: Governed }
  | { readonly kind: 'asking'; readonly questions: ReadonlyMap<string, Question> };

interface Unanswered extends Question {
  readonly settle: (reply: UpstreamReply) => void;
}

/**
 * One governed call. A server with sessions may ask the client something while it works on it; then the
 * call is held until a further request of the client brings the answers. To the server it is one request
 * all the time, and it is sent once.
 */
export class Call {
  /** What its server needs, where that is what came of it: then the call is over, and a further one goes on. */
  asking: { readonly server: string; readonly needs: Needs } | undefined;
  readonly #graceMs: number;
  readonly #abort = new AbortController();
  readonly #unanswered = new Map<string, Unanswered>();
  #waiter: Waiter | undefined;
  #logsLeft = MAX_LOG_MESSAGES;
  #questionsLeft = MAX_QUESTIONS;
  #lastKey = 0;
  #governed: Governed | undefined;
  #changed = Promise.withResolvers<void>();

  constructor(graceMs: number) {
    this.#graceMs = graceMs;
  }

  /** Raised when nobody waits for the call any more. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isOver(): boolean {
    return this.#governed !== undefined;
  }

  /** What comes of it, and what is done when it is over. Never rejects. */
  async begin(governed: Promise<Governed>, over: () => void): Promise<void> {
    this.#governed = await governed.catch(() => UNKNOWN);
    this.#settleAll('the call that it belonged to is over');
    over();
    this.#tell();
  }

  /** Waits for the end of the call or for questions. A client that leaves meanwhile gives the call up. */
  async stage(waiter: Waiter): Promise<Stage> {
    const giveUp = (): void => this.giveUp();
    waiter.signal.addEventListener('abort', giveUp);
    if (waiter.signal.aborted) giveUp();
    this.#waiter = waiter;
    this.#logsLeft = MAX_LOG_MESSAGES;
    try {
      for (;;) {
        this.#refuseUndeclared(waiter.declared);
        if (this.#governed !== undefined) return { kind: 'ended', governed: this.#governed };
        if (this.#unanswered.size === 0) {
          await this.#changed.promise;
          continue;
        }
        // Questions that belong together come at about the same time.
        await new Promise((resolve) => setTimeout(resolve, this.#graceMs));
        if (this.#governed === undefined && this.#unanswered.size > 0) {
          this.#refuseUndeclared(waiter.declared);
          return { kind: 'asking', questions: new Map(this.#unanswered) };
        }
      }
    } finally {
      this.#waiter = undefined;
      waiter.signal.removeEventListener('abort', giveUp);
    }
  }

  /** Whether one more question can be asked. */
  admit(): boolean {
    return !this.signal.aborted && this.#governed === undefined && this.#questionsLeft-- > 0;
  }

  /** Asks the client, now or when it comes back. Never rejects. */
  ask({ method, params }: Question, signal: AbortSignal): Promise<UpstreamReply> {
    const { promise, resolve } = Promise.withResolvers<UpstreamReply>();
    const key = `question-${++this.#lastKey}`;
    const settle = (reply: UpstreamReply): void => {
      if (!this.#unanswered.delete(key)) return;
      signal.removeEventListener('abort', takenBack);
      resolve(reply);
    };
    const takenBack = (): void => settle(failure('the server took its question back'));
    this.#unanswered.set(key, { method, params, settle });
    signal.addEventListener('abort', takenBack);
    if (this.signal.aborted) settle(failure(GIVEN_UP));
    else if (signal.aborted) takenBack();
    else this.#tell();
    return promise;
  }

  /** Takes what the client answered; what was not asked is dropped, and what is missing is asked again. */
  answer(responses: JsonObject): void {
    for (const [key, { settle }] of this.#unanswered) {
      const response = Object.hasOwn(responses, key) ? responses[key] : undefined;
      if (isJsonObject(response)) settle({ kind: 'result', result: response, bytes: 0 });
    }
  }

  /** Nobody waits any more: the server is told so, and its questions stay unanswered. */
  giveUp(): void {
    this.#settleAll(GIVEN_UP);
    this.#abort.abort();
    this.#tell();
  }

  progress(report: Progress, mask: Masks): void {
    this.#waiter?.progress?.(report, mask);
  }

  log(params: JsonObject, mask: Masks): void {
    const { logLevel, send } = this.#waiter ?? {};
    if (logLevel === undefined || this.#logsLeft === 0) return;
    const message = logMessageText(params, logLevel, mask);
    if (typeof message === 'string') return;
    this.#logsLeft--;
    send?.(message.text);
  }

  /** Capabilities are those of the request that waits: what it did not declare it is not asked. */
  #refuseUndeclared(declared: JsonObject): void {
    for (const { method, params, settle } of this.#unanswered.values()) {
      if (answers(declared, method, params)) continue;
      settle({ kind: 'error', code: METHOD_NOT_FOUND, message: 'this client cannot be asked that' });
    }
  }

  #settleAll(why: string): void {
    for (const { settle } of this.#unanswered.values()) settle(failure(why));
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

const UNKNOWN: Governed = {
  kind: 'error',
  code: INTERNAL_ERROR,
  message: 'the gateway failed to handle the request',
};

const GIVEN_UP = 'the client gave no answer';

function failure(message: string): UpstreamReply {
  return { kind: 'error', code: INTERNAL_ERROR, message };
}
