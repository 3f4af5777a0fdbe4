import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import type { UpstreamError, UpstreamFailure, UpstreamLimits, UpstreamReply } from '../../../ports.ts';
import {
  errorText,
  isRequestId,
  METHOD_NOT_FOUND,
  type RequestId,
  requestText,
  resultText,
} from '../../jsonrpc.ts';
import { Asks } from './asks.ts';
import { CHANGED_LISTS } from '../list.ts';
import { RESOURCES_CHANGED } from './line.ts';
import { PendingRequests } from '../pending.ts';
import { progressOf } from '../progress.ts';
import { Rate } from '../rate.ts';
import { replyOf } from '../reply.ts';
import type { Conversation, ListKind, Notice } from '../server.ts';
import type { Stray } from '../stray.ts';

/** What a server says that belongs to no request. */
export interface LineNews {
  listChanged(kind: ListKind): void;
  /** False when nobody listens. */
  updated(uri: string): boolean;
  /** False when nobody listens. */
  notice(notice: Notice): boolean;
}

export interface PeerOptions {
  readonly server: string;
  /** Whether one client session has this line for itself. */
  readonly isolated: boolean;
  readonly stray: Stray;
  readonly news: LineNews;
  /** Sends what nobody answers. */
  send(text: string): void;
  /** A request was given up because of time or a cancellation. */
  abandoned(id: number, failure: UpstreamFailure): void;
  /** The client of a request is being asked something. */
  asking?(id: number): void;
}

/** Where a message came from, instead of a request's id: a line on which the answers to all requests come. */
export const ANY_REQUEST = -1;
/** Where a message came from, instead of a request's id: a stream that no request opened. */
export const NO_REQUEST = 0;

/** The revision of MCP that has JSON-RPC batches; no other one before or after it. */
export const BATCH_REVISION = '2025-03-26';

/** A batch of more messages than this is none. */
const MAX_BATCH = 1_024;

/** A log message longer than this is dropped, and so is one URI, and what names a page or a task. */
const MAX_LOG_BYTES = 64 * 1024;
const MAX_URI_CHARS = 8 * 1024;
const MAX_ID_CHARS = 1024;

/** Log messages that one connection may send within a window, and other notices; further ones are dropped. */
const MAX_NOTICES = 500;
const NOTICE_WINDOW_MS = 1_000;

/**
 * The messages of one connection, whatever carries it: our requests with their answers, and what the
 * server tells and asks meanwhile, each for the request that it certainly belongs to or for none.
 */
export class Peer {
  readonly #options: PeerOptions;
  readonly #pending: PendingRequests;
  readonly #asks: Asks;
  readonly #logs = new Rate(MAX_NOTICES, NOTICE_WINDOW_MS, () => performance.now());
  readonly #notices = new Rate(MAX_NOTICES, NOTICE_WINDOW_MS, () => performance.now());
  /** Whether the revision that was agreed on has batches. */
  batches = false;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#pending = new PendingRequests(options.server, {
      abandoned: (id, failure) => options.abandoned(id, failure),
      left: (id) => this.#asks.leave(id),
    });
    this.#asks = new Asks(this.#pending, (text) => options.send(text));
  }

  /** Requests that wait for their answer. */
  get size(): number {
    return this.#pending.size;
  }

  has(id: number): boolean {
    return this.#pending.has(id);
  }

  open(limits: UpstreamLimits, conversation?: Conversation): { id: number; reply: Promise<UpstreamReply> } {
    return this.#pending.open(limits, conversation);
  }

  settle(id: number, outcome: UpstreamReply | UpstreamError): void {
    this.#pending.settle(id, outcome);
  }

  /** Fails everything that waits, on either side. */
  end(error: UpstreamError): void {
    this.#asks.end();
    this.#pending.settleAll(error);
  }

  /** The server has forgotten what it asked. */
  endAsks(): void {
    this.#asks.end();
  }

  /** Fails every request that waits. */
  failAll(error: UpstreamError): void {
    this.#pending.settleAll(error);
  }

  /**
   * Takes what came in one piece. `of` is the request whose exchange brought it, `ANY_REQUEST` or
   * `NO_REQUEST`.
   */
  take(value: JsonValue, bytes: number, of: number): void {
    if (!Array.isArray(value)) return this.#message(value, bytes, of);
    const batch = value as readonly JsonValue[];
    if (!this.batches || batch.length === 0 || batch.length > MAX_BATCH) {
      this.#options.stray.garbage++;
      return;
    }
    for (const message of batch) this.#message(message, Buffer.byteLength(JSON.stringify(message)), of);
  }

  #message(value: JsonValue, bytes: number, of: number): void {
    if (!isJsonObject(value) || value['jsonrpc'] !== '2.0') {
      this.#options.stray.garbage++;
      return;
    }
    const { id, method } = value;
    if (typeof method !== 'string') return this.#response(id, value, bytes, of);
    const params = isJsonObject(value['params']) ? value['params'] : {};
    if (id === undefined || id === null) return this.#notice(method, params, bytes, of);
    if (isRequestId(id)) return this.#request(id, method, params, of);
    this.#options.stray.garbage++;
  }

  /**
   * SECURITY: an exchange may answer the request that it carries, and no other: an answer that was mixed
   * up must not reach another client.
   */
  #response(id: JsonValue | undefined, message: JsonObject, bytes: number, of: number): void {
    const { server, stray } = this.#options;
    if (typeof id !== 'number') {
      stray.garbage++;
      return;
    }
    const maxOutputBytes = this.#pending.maxOutputBytes(id);
    if (maxOutputBytes === undefined || (of !== ANY_REQUEST && of !== id)) {
      stray.late++;
      return;
    }
    const conversation = this.#pending.conversationOf(id);
    this.#pending.settle(id, replyOf(server, message, bytes, maxOutputBytes, conversation));
  }

  /**
   * SECURITY: on a line that clients share, nobody knows whom a server means unless the exchange of a
   * request says so: it is refused rather than asked of the wrong one.
   */
  #request(id: RequestId, method: string, params: JsonObject, of: number): void {
    const { isolated, stray } = this.#options;
    if (method === 'ping') return this.#options.send(resultText(id, {}));
    const asked = of > 0 ? of : isolated ? this.#pending.newestAskable() : undefined;
    const conversation = asked === undefined ? undefined : this.#pending.conversationOf(asked);
    if (asked === undefined || conversation?.ask === undefined) {
      stray.refuse(method);
      this.#options.send(errorText(id, METHOD_NOT_FOUND, 'this client offers no such method'));
    } else if (this.#asks.ask(id, asked, conversation, method, params)) {
      this.#options.asking?.(asked);
    } else stray.refuse(method);
  }

  #notice(method: string, params: JsonObject, bytes: number, of: number): void {
    if (!this.#heard(method, params, bytes, of)) this.#options.stray.unheard++;
  }

  #heard(method: string, params: JsonObject, bytes: number, of: number): boolean {
    switch (method) {
      case 'notifications/progress':
        return this.#progress(params, of);
      case 'notifications/message':
        return bytes <= MAX_LOG_BYTES && this.#logs.admit() && this.#log(params, of);
      case 'notifications/cancelled':
        return this.#asks.cancelled(params['requestId']);
      case 'notifications/resources/updated': {
        const { uri } = params;
        return typeof uri === 'string' && uri.length <= MAX_URI_CHARS && this.#options.news.updated(uri);
      }
      case 'notifications/elicitation/complete':
        return this.#named(method, 'elicitationId', params);
      case 'notifications/tasks/status':
        return this.#named(method, 'taskId', params);
      default:
        return this.#listChanged(method);
    }
  }

  #listChanged(method: string): boolean {
    const { isolated, news } = this.#options;
    const kinds = CHANGED_LISTS.get(method);
    if (kinds === undefined) return false;
    for (const kind of kinds) news.listChanged(kind);
    // What the server has for this client alone is on no list that others read.
    if (isolated && kinds.includes('resources')) news.notice(RESOURCES_CHANGED);
    return true;
  }

  /** A notice of which only the id counts. */
  #named(method: string, key: string, params: JsonObject): boolean {
    const id = params[key];
    if (typeof id !== 'string' || id.length > MAX_ID_CHARS || !this.#notices.admit()) return false;
    return this.#options.news.notice({ method, params: { [key]: id } });
  }

  /** The token is the id of the request; on the exchange of another one it is not believed. */
  #progress(params: JsonObject, of: number): boolean {
    const token = params['progressToken'];
    if (typeof token !== 'number' || (of > 0 && of !== token)) return false;
    const conversation = this.#pending.conversationOf(token);
    const report = progressOf(params);
    if (conversation?.progress === undefined || report === undefined) return false;
    conversation.progress(report);
    return true;
  }

  #log(params: JsonObject, of: number): boolean {
    const { isolated, news } = this.#options;
    const conversation =
      of > 0 ? this.#pending.conversationOf(of) : isolated ? this.#pending.only() : undefined;
    if (conversation?.log !== undefined) {
      conversation.log(params);
      return true;
    }
    return of <= 0 && isolated && news.notice({ method: 'notifications/message', params });
  }
}

/** The text of one of our requests; its id is the token under which its progress is told. */
export function requestTextOf(
  id: number,
  method: string,
  params: JsonObject,
  conversation: Conversation | undefined,
): string {
  if (conversation?.progress === undefined) return requestText(id, method, params);
  const meta = params['_meta'];
  return requestText(id, method, {
    ...params,
    _meta: { ...(isJsonObject(meta) ? meta : {}), progressToken: id },
  });
}
