import { type JsonObject, type JsonValue, parseExact } from '@aegis/core';
import { UpstreamError, type UpstreamReply } from '../../../ports.ts';
import type { Redact } from '../../redact.ts';
import { idOfLost } from '../session/lost-answer.ts';
import type { ListenHeard, ModernCall } from './channel.ts';
import { hear, type ModernMessage, type ModernNotification, readModernMessage } from './incoming.ts';
import { hearListening, refusalOf, subscriptionOf } from './listen.ts';
import { cancelledText, type ModernRequests } from './request.ts';
import { PendingRequests } from '../pending.ts';
import { replyOf, tooLarge } from '../reply.ts';
import type { Stray } from '../stray.ts';
import { type ProcessOptions, StdioProcess } from '../stdio/process.ts';

export interface ModernConnectionOptions
  extends Pick<ProcessOptions, 'command' | 'cwd' | 'env' | 'maxLineBytes'> {
  readonly server: string;
  readonly redact: Redact;
  readonly requests: ModernRequests;
  readonly stray: Stray;
  /** How long it may go unused; `idle` is told, again and again while it stays so. */
  readonly idleMs: number | undefined;
  idle(): void;
  /** The process is gone; called once. `wanted` when it was to end. */
  exited(wanted: boolean): void;
}

/** One life of a stdio server of the modern era: a process, and what waits for it. Throws when it cannot be started. */
export class ModernConnection {
  readonly #options: ModernConnectionOptions;
  readonly #process: StdioProcess;
  readonly #pending: PendingRequests;
  /** Listening requests; their ids are strings, so that they are never those of other requests. */
  readonly #listens = new Map<string, ListenHeard>();
  /** Those of them that follow resources: what they bring is waited for, however long it takes. */
  readonly #following = new Set<string>();
  readonly #idle: NodeJS.Timeout | undefined;
  #listened = 0;
  /** A request was given up that the server may still be working on. */
  #abandoned = false;
  #retiring = false;
  #closing = false;

  constructor(options: ModernConnectionOptions) {
    this.#options = options;
    const { server, command, cwd, env, maxLineBytes, idleMs } = options;
    this.#pending = new PendingRequests(server, {
      abandoned: (id) => {
        this.#abandoned = true;
        this.#process.send(cancelledText(id));
        this.#settled();
      },
      left: () => {},
    });
    this.#process = new StdioProcess({
      command,
      cwd,
      env,
      maxLineBytes,
      // Free text that nobody reads; a pipe that is not emptied would stop the server.
      stderr: () => {},
      line: (line) => this.#line(line),
      tooLong: (head, tail) => this.#lost(head.toString('latin1'), tail.toString('latin1'), 'too_large'),
      exited: () => this.#end(),
    });
    if (idleMs !== undefined) this.#idle = setTimeout(() => this.#unused(), idleMs).unref();
  }

  get group(): number | undefined {
    return this.#process.group;
  }

  request({ method, params, capabilities, limits, conversation }: ModernCall): Promise<UpstreamReply> {
    if (this.#process.isGone) return Promise.reject(this.#ended());
    const { id, reply } = this.#pending.open(limits, conversation);
    if (!this.#pending.has(id)) return reply;
    this.#idle?.refresh();
    this.#process.send(this.#options.requests.text(id, method, params, capabilities, conversation));
    return reply;
  }

  listen(filter: JsonObject, heard: ListenHeard): () => void {
    const id = `listen-${++this.#listened}`;
    this.#listens.set(id, heard);
    if (filter['resourceSubscriptions'] !== undefined) this.#following.add(id);
    const { requests } = this.#options;
    this.#process.send(requests.text(id, 'subscriptions/listen', { notifications: filter }));
    return () => {
      this.#following.delete(id);
      if (this.#listens.delete(id)) this.#process.send(cancelledText(id));
    };
  }

  /** Ends the process when the last request that waits has been answered. */
  retire(): void {
    this.#retiring = true;
    this.#settled();
  }

  /** `wanted` unless it ends for something that it did wrong. */
  async close(wanted = true): Promise<void> {
    this.#closing = wanted;
    await this.#process.close();
  }

  #line(line: Buffer): void {
    const text = this.#options.redact(line.toString('utf8'));
    const parsed = parseExact(text);
    if (parsed.ok) {
      this.#message(parsed.value, line.length);
      this.#settled();
    } else if (parsed.problem.code === 'syntax') {
      // Servers print banners and log lines where only messages belong.
      this.#options.stray.garbage++;
    } else this.#lost(text.slice(0, 256), text.slice(-256), 'protocol');
  }

  #message(value: JsonValue, bytes: number): void {
    const message = readModernMessage(value, this.#options.stray);
    if (message === undefined) return;
    if (message.kind === 'response') this.#response(message, bytes);
    else if (!this.#heard(message, bytes)) this.#options.stray.unheard++;
  }

  #response({ id, message }: ModernMessage & { kind: 'response' }, bytes: number): void {
    const { server, stray } = this.#options;
    if (typeof id === 'string') {
      if (!this.#listenEnded(id, refusalOf(message))) stray.late++;
      return;
    }
    const maxOutputBytes = typeof id === 'number' ? this.#pending.maxOutputBytes(id) : undefined;
    if (typeof id !== 'number') stray.garbage++;
    else if (maxOutputBytes === undefined) stray.late++;
    else {
      const conversation = this.#pending.conversationOf(id);
      this.#pending.settle(id, replyOf(server, message, bytes, maxOutputBytes, conversation));
    }
  }

  #heard(notification: ModernNotification, bytes: number): boolean {
    const { method, params } = notification;
    const subscription = subscriptionOf(params);
    if (typeof subscription === 'string') {
      const heard = this.#listens.get(subscription);
      return heard !== undefined && hearListening(subscription, notification, heard);
    }
    if (method === 'notifications/cancelled') {
      const { requestId } = params;
      return typeof requestId === 'string' && this.#listenEnded(requestId, undefined);
    }
    if (method === 'notifications/message') {
      // SECURITY: nothing says for which request a server logs here. It is certain only when there is one, and
      // none before it that the server may still be working on: the words could be about another client's.
      return !this.#abandoned && hear(this.#pending.only(), 0, notification, bytes);
    }
    const { progressToken: token } = params;
    return typeof token === 'number' && hear(this.#pending.conversationOf(token), token, notification, bytes);
  }

  #listenEnded(id: string, refusal: number | undefined): boolean {
    const heard = this.#listens.get(id);
    this.#listens.delete(id);
    this.#following.delete(id);
    heard?.ended(refusal);
    return heard !== undefined;
  }

  /**
   * An answer that was too long or could not be taken. When its ends do not tell whose it was, every
   * waiting request is failed.
   */
  #lost(head: string, tail: string, failure: 'too_large' | 'protocol'): void {
    const { server, stray, maxLineBytes } = this.#options;
    if (!head.trimStart().startsWith('{')) {
      stray.garbage++;
      return;
    }
    const error =
      failure === 'too_large'
        ? tooLarge(server, maxLineBytes)
        : new UpstreamError('protocol', `the answer of server \`${server}\` cannot be read safely`);
    const id = idOfLost(head, tail);
    if (id !== undefined && this.#pending.has(id)) this.#pending.settle(id, error);
    else this.#pending.settleAll(error);
    this.#settled();
  }

  /** Something may have been answered. */
  #settled(): void {
    this.#idle?.refresh();
    if (this.#retiring && this.#pending.size === 0 && !this.#closing) void this.close();
  }

  #unused(): void {
    this.#idle?.refresh();
    if (this.#pending.size === 0 && this.#following.size === 0) this.#options.idle();
  }

  #ended(): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.#options.server}\` has ended`);
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#pending.settleAll(this.#ended());
    this.#listens.clear();
    this.#options.exited(this.#closing);
  }
}
