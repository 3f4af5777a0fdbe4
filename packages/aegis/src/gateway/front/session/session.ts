import { codeOf, type ReasonCode } from '@aegis/core';
import type { Caller, SessionHandle } from '../../../enforce/door.ts';
import {
  type Batch,
  errorText,
  INTERNAL_ERROR,
  INVALID_PARAMS,
  INVALID_REQUEST,
  type Message,
  type RequestId,
  type RequestMessage,
  resultText,
  UNEXPECTED_BATCH,
  isNotification,
} from '../../jsonrpc.ts';
import { answerRequest } from './answer.ts';
import type { Send } from '../channel.ts';
import type { FrontContext } from './context.ts';
import { initializeResult, type Opening, readOpening } from './initialize.ts';
import { instructionsFor } from '../instructions.ts';
import { OpenSession } from './open-session.ts';
import { type RefusedMessage, refusalText } from './refusal.ts';
import { type FrontStrayCounts, noStray } from './stray.ts';
import { Underway } from './underway.ts';

/**
 * One protocol session, whatever carries it: `initialize` once, then requests, until it is closed. Every
 * message leads to at most one answer, and every one that is refused to one record.
 */
export class FrontSession {
  readonly caller: Caller;
  readonly #context: FrontContext;
  /** Sends what belongs to no request. */
  readonly #send: Send;
  readonly #underway = new Underway();
  readonly #stray = noStray();
  #state: 'new' | 'opening' | 'open' | 'closed' = 'new';
  #opening: Promise<string> | undefined;
  #open: OpenSession | undefined;

  constructor(context: FrontContext, caller: Caller, send: Send) {
    this.caller = caller;
    this.#context = context;
    this.#send = send;
  }

  /** The protocol revision agreed on; undefined before `initialize` has been answered. */
  get revision(): Opening['revision'] | undefined {
    return this.#open?.revision;
  }

  /** The kernel's session; undefined before there is one. */
  get handle(): SessionHandle | undefined {
    return this.#open?.handle;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#underway.size === 0;
  }

  /** What led to nothing so far. */
  get stray(): Readonly<FrontStrayCounts> {
    return this.#stray;
  }

  /**
   * Takes one message and gives the text of its answer; undefined when there is none to give: for a
   * notification, a response, or a request that the client has cancelled meanwhile. `send` is the way to
   * the client for what belongs to the message. Never rejects.
   */
  receive(message: Message | Batch, send: Send): Promise<string | undefined> {
    switch (message.kind) {
      case 'request':
        return this.#request(message, send);
      case 'notification':
        return this.#notified(message.method, message.params['requestId']);
      case 'response':
        if (this.#open?.client.requests.answer(message.id, message.body) !== true) this.#stray.responses++;
        return NO_ANSWER;
      case 'invalid':
        return this.refuse(message);
      case 'batch':
        return this.#batch(message, send);
    }
  }

  /** Records a message that broke the protocol, once, and gives the error that answers it. Never rejects. */
  refuse(message: RefusedMessage, reason?: ReasonCode): Promise<string> {
    return refusalText(this.#context.kernel, this.#open?.handle ?? this.caller, message, reason);
  }

  /** What was agreed on in `initialize`; undefined before it was answered. */
  get agreed(): Pick<Opening, 'revision' | 'declared'> | undefined {
    const open = this.#open;
    return open && { revision: open.revision, declared: open.client.declared };
  }

  /** Goes on with a session that was initialised in another process. */
  resume(handle: SessionHandle, agreed: Pick<Opening, 'revision' | 'declared'>): void {
    this.#open = new OpenSession(this.#context, handle, agreed, this.#send, this.#stray);
    this.#state = 'open';
  }

  /**
   * Lets go of the session, which goes on in another process. False while it cannot: then nothing has changed. One that
   * is `lost` goes on there already.
   */
  leave(lost = false): boolean {
    const open = this.#open;
    if (this.#state !== 'open' || open === undefined) return false;
    if (!lost && !(this.isIdle && open.isMovable)) return false;
    this.#state = 'closed';
    this.#underway.abortAll();
    open.mute();
    void open.close();
    return true;
  }

  /** Ends the session and what is under way in it. Never rejects. */
  async close(cause: string): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#underway.abortAll();
    await this.#opening;
    const open = this.#open;
    if (open === undefined) return;
    open.mute();
    try {
      await this.#context.kernel.closeSession(open.handle, cause);
    } catch {
      // The kernel records what it can; for the client the session is over in any case.
    }
    await open.close();
  }

  #notified(method: string, requestId: unknown): Promise<undefined> {
    switch (method) {
      case 'notifications/cancelled':
        this.#underway.cancel(requestId);
        return NO_ANSWER;
      case 'notifications/roots/list_changed':
        this.#open?.rootsChanged();
        return NO_ANSWER;
      case 'notifications/initialized':
        return NO_ANSWER;
      default:
        if (!isNotification(method)) return this.refuse(withoutId(method)).then(() => undefined);
        // Among them the progress of what servers asked: nobody wants to hear of it.
        this.#stray.notifications++;
        return NO_ANSWER;
    }
  }

  /** Each message of a batch is taken as if it had come alone; what they are answered is one array. */
  async #batch({ messages }: Batch, send: Send): Promise<string | undefined> {
    if (this.#state === 'opening') await this.#opening;
    if (this.revision !== '2025-03-26') return this.refuse(UNEXPECTED_BATCH);
    const answers = await Promise.all(messages.map((message) => this.receive(message, send)));
    const texts = answers.filter((answer) => answer !== undefined);
    return texts.length === 0 ? undefined : `[${texts.join(',')}]`;
  }

  async #request(request: RequestMessage, send: Send): Promise<string | undefined> {
    const { id, method } = request;
    if (this.#underway.has(id)) {
      // The id belongs to the request that is under way: its answer must stay the only one.
      const message = 'the request id is in use';
      return this.refuse({ id: null, method, code: INVALID_REQUEST, message });
    }
    if (this.#underway.size >= this.#context.limits.maxInFlight) {
      const message = 'too many requests at the same time';
      return this.refuse({ id, method, code: INVALID_REQUEST, message }, 'RATE_LIMITED');
    }
    const underway = this.#underway.begin(id, method !== 'initialize');
    try {
      const answer = await this.#dispatch(request, underway.abort.signal, send);
      return underway.cancelled ? undefined : answer;
    } catch {
      return errorText(id, INTERNAL_ERROR, 'the gateway failed to handle the request');
    } finally {
      this.#underway.end(id);
    }
  }

  #dispatch(request: RequestMessage, signal: AbortSignal, send: Send): Promise<string> {
    const { id, method } = request;
    if (method === 'ping') return Promise.resolve(resultText(id, {}));
    if (method === 'initialize') return this.#initialize(request);
    if (this.#state === 'open' && this.#open !== undefined) {
      return answerRequest(this.#open, request, signal, send);
    }
    if (this.#state === 'opening' && this.#opening !== undefined) {
      return this.#opening.then(() => this.#dispatch(request, signal, send));
    }
    const message = this.#state === 'closed' ? 'the session has ended' : 'the session is not initialized';
    return this.refuse({ id, method, code: INVALID_REQUEST, message });
  }

  // A batch cannot hold it: batches are for sessions that are open, and those are initialised already.
  #initialize({ id, method, params }: RequestMessage): Promise<string> {
    if (this.#state !== 'new') {
      const message = 'the session is initialized already';
      return this.refuse({ id, method, code: INVALID_REQUEST, message });
    }
    const opening = readOpening(params);
    if (opening === undefined) {
      const message = '`initialize` needs `protocolVersion`, `capabilities` and `clientInfo`';
      return this.refuse({ id, method, code: INVALID_PARAMS, message });
    }
    this.#state = 'opening';
    this.#opening = this.#openWith(id, opening);
    return this.#opening;
  }

  async #openWith(id: RequestId, opening: Opening): Promise<string> {
    const { kernel, catalogue, version } = this.#context;
    let handle: Awaited<ReturnType<typeof kernel.openSession>>;
    try {
      const { client, handoff = this.caller.handoff } = opening;
      handle = await kernel.openSession({
        ...this.caller,
        client,
        ...(handoff === undefined ? {} : { handoff }),
      });
    } catch (error) {
      if (this.#state === 'opening') this.#state = 'new';
      if (codeOf(error) === 'FORBIDDEN') return errorText(id, INVALID_REQUEST, (error as Error).message);
      return errorText(id, INTERNAL_ERROR, 'the session cannot be recorded, so it is not opened');
    }
    this.#open = new OpenSession(this.#context, handle, opening, this.#send, this.#stray);
    if (this.#state === 'opening') this.#state = 'open';
    const instructions = instructionsFor(kernel, handle, catalogue);
    return resultText(id, initializeResult(opening.revision, catalogue, version, instructions));
  }
}

const NO_ANSWER = Promise.resolve(undefined);

/** What is no notification was meant as a request, and nobody could be told what came of it. */
function withoutId(method: string): RefusedMessage {
  return { id: null, method, code: INVALID_REQUEST, message: 'a request needs an id' };
}
