import type { JsonObject, ReasonCode } from '@aegis/core';
import type { Catalogue } from '../catalogue/catalogue.ts';
import {
  DENIED,
  errorText,
  INTERNAL_ERROR,
  INVALID_PARAMS,
  INVALID_REQUEST,
  type InvalidMessage,
  type Message,
  METHOD_NOT_FOUND,
  type RequestId,
  resultText,
} from '../jsonrpc.ts';
import type { Caller, Denial, Kernel, SessionHandle, Verdicted } from '../../enforce/door.ts';
import type { ListKind } from '../upstream/server.ts';
import { concealed, deniedToolResult, denialJson, quoted } from './denial.ts';
import { initializeResult, readOpening } from './initialize.ts';
import type { SessionLimits } from './limits.ts';
import { LISTED } from './listed.ts';
import { pageOf } from './page.ts';
import { progressRelay } from './progress.ts';
import { TARGET_READERS, type Target, type TargetReading } from './target.ts';

/** What every session of this gateway shares. */
export interface FrontContext {
  readonly kernel: Kernel;
  readonly catalogue: Catalogue;
  /** Version of Aegis, told to clients. */
  readonly version: string;
  readonly limits: SessionLimits;
}

/** Sends a notification that belongs to the request being handled. */
export type Notify = (text: string) => void;

type Request = Extract<Message, { kind: 'request' }>;

/** A request that is not answered yet. */
interface Underway {
  readonly abort: AbortController;
  cancelled: boolean;
}

/**
 * One protocol session, whatever carries it: `initialize` once, then requests, until it is closed. Every
 * message leads to at most one answer, and every one that is refused to one record.
 */
export class FrontSession {
  readonly caller: Caller;
  readonly #context: FrontContext;
  readonly #underway = new Map<RequestId, Underway>();
  #state: 'new' | 'opening' | 'open' | 'closed' = 'new';
  #opening: Promise<string> | undefined;
  #handle: SessionHandle | undefined;
  #revision: string | undefined;

  constructor(context: FrontContext, caller: Caller) {
    this.caller = caller;
    this.#context = context;
  }

  /** The protocol revision agreed on; undefined before `initialize` has been answered. */
  get revision(): string | undefined {
    return this.#revision;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#underway.size === 0;
  }

  /**
   * Takes one message and gives the text of its answer; undefined when there is none to give: for a
   * notification, a response, or a request that the client has cancelled meanwhile. Never rejects.
   */
  async receive(message: Message, notify: Notify): Promise<string | undefined> {
    switch (message.kind) {
      case 'request':
        return this.#request(message, notify);
      case 'notification':
        if (message.method === 'notifications/cancelled') this.#cancel(message.params['requestId']);
        return undefined;
      case 'response':
        // Nothing was asked of the client, so there is nothing that this could answer.
        return undefined;
      case 'invalid':
        return this.refuse(message);
    }
  }

  /** Records a message that broke the protocol, once, and gives the error that answers it. Never rejects. */
  async refuse(
    { id, method, code, message }: Omit<InvalidMessage, 'kind'>,
    reason: ReasonCode = 'PROTOCOL_VIOLATION',
  ): Promise<string> {
    try {
      const denial = await this.#context.kernel.refuse(this.#handle, method, reason, message);
      return errorText(id, code, message, denialJson(denial));
    } catch {
      return errorText(id, INTERNAL_ERROR, 'the message was refused, and that could not be recorded');
    }
  }

  /** Ends the session and what is under way in it. Never rejects. */
  async close(cause: string): Promise<void> {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    for (const { abort } of this.#underway.values()) abort.abort();
    await this.#opening;
    if (this.#handle === undefined) return;
    try {
      await this.#context.kernel.closeSession(this.#handle, cause);
    } catch {
      // The kernel records what it can; for the client the session is over in any case.
    }
  }

  async #request(request: Request, notify: Notify): Promise<string | undefined> {
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
    const underway: Underway = { abort: new AbortController(), cancelled: false };
    this.#underway.set(id, underway);
    try {
      const answer = await this.#dispatch(request, underway.abort.signal, notify);
      return underway.cancelled ? undefined : answer;
    } catch {
      return errorText(id, INTERNAL_ERROR, 'the gateway failed to handle the request');
    } finally {
      this.#underway.delete(id);
    }
  }

  #cancel(id: unknown): void {
    const underway = this.#underway.get(id as RequestId);
    if (underway === undefined) return;
    underway.cancelled = true;
    underway.abort.abort();
  }

  async #dispatch(request: Request, signal: AbortSignal, notify: Notify): Promise<string> {
    const { id, method, params } = request;
    if (method === 'ping') return resultText(id, {});
    if (method === 'initialize') return this.#initialize(request);
    if (this.#state === 'opening') await this.#opening;
    const handle = this.#handle;
    if (this.#state !== 'open' || handle === undefined) {
      const message = this.#state === 'closed' ? 'the session has ended' : 'the session is not initialized';
      return this.refuse({ id, method, code: INVALID_REQUEST, message });
    }
    const readTarget = TARGET_READERS.get(method);
    if (readTarget !== undefined) {
      const reading = readTarget(params, this.#context.catalogue);
      return this.#govern(handle, request, reading, signal, notify);
    }
    const listed = LISTED.get(method);
    if (listed !== undefined) return this.#list(handle, request, listed.kind, listed.use);
    const message = `method ${quoted(method)} is not offered`;
    return this.refuse({ id, method, code: METHOD_NOT_FOUND, message });
  }

  #initialize({ id, method, params }: Request): Promise<string> {
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
    this.#opening = this.#open(id, opening.revision, opening.client);
    return this.#opening;
  }

  async #open(id: RequestId, revision: string, client: string): Promise<string> {
    const { kernel, catalogue, version } = this.#context;
    try {
      this.#handle = await kernel.openSession({ ...this.caller, client });
    } catch {
      if (this.#state === 'opening') this.#state = 'new';
      return errorText(id, INTERNAL_ERROR, 'the session cannot be recorded, so it is not opened');
    }
    if (this.#state === 'opening') this.#state = 'open';
    this.#revision = revision;
    return resultText(id, initializeResult(revision, catalogue, version));
  }

  async #govern(
    handle: SessionHandle,
    { id, method, params: asked }: Request,
    reading: TargetReading,
    signal: AbortSignal,
    notify: Notify,
  ): Promise<string> {
    const { kernel } = this.#context;
    if (reading.kind === 'invalid') {
      return this.refuse({ id, method, code: INVALID_PARAMS, message: reading.message });
    }
    const { unknown } = reading;
    if (reading.kind === 'unknown') {
      return deniedText(id, method, await kernel.refuse(handle, method, 'TOOL_UNKNOWN', unknown));
    }
    const { target } = reading;
    const verdict = await this.#mediate(handle, method, target, signal, asked, notify);
    switch (verdict.kind) {
      case 'result':
        return resultText(id, verdict.result);
      case 'upstream_error':
        return errorText(id, verdict.code, verdict.message, verdict.data);
      case 'denied': {
        // SECURITY: what policy hides from lists is answered as if it did not exist.
        const visible = kernel.visible(handle, method, target.resource);
        return deniedText(id, method, visible ? verdict.denial : concealed(verdict.denial, unknown));
      }
    }
  }

  #mediate(
    handle: SessionHandle,
    method: string,
    { upstream, resource, args, params }: Target,
    signal: AbortSignal,
    asked: JsonObject,
    notify: Notify,
  ): Promise<Verdicted> {
    const progress = progressRelay(asked, notify);
    return this.#context.kernel.mediate(handle, {
      method,
      resource,
      args,
      signal,
      execute: (limits) => upstream.request(method, params, limits, progress),
    });
  }

  async #list(
    handle: SessionHandle,
    { id, method, params }: Request,
    kind: ListKind,
    use: string,
  ): Promise<string> {
    const { kernel, catalogue, limits } = this.#context;
    const shown = catalogue.list(kind).filter(({ resource }) => kernel.visible(handle, use, resource));
    const page = pageOf(shown, params['cursor'], limits.pageSize);
    if (page === undefined) {
      return this.refuse({ id, method, code: INVALID_PARAMS, message: 'the cursor is not one of ours' });
    }
    const items = page.items.map(({ definition }) => definition);
    const { nextCursor } = page;
    return resultText(id, nextCursor === undefined ? { [kind]: items } : { [kind]: items, nextCursor });
  }
}

/** A denied tool call is a result, which the model can adapt to; anything else is a JSON-RPC error. */
function deniedText(id: RequestId, method: string, denial: Denial): string {
  return method === 'tools/call'
    ? resultText(id, deniedToolResult(denial))
    : errorText(id, DENIED, denial.message, denialJson(denial));
}
