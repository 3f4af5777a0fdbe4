import { type JsonObject, parseExact } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../ports.ts';
import { notificationText } from '../../jsonrpc.ts';
import type { Redact } from '../../redact.ts';
import { idOfLost } from '../session/lost-answer.ts';
import { ANY_REQUEST, type LineNews, Peer, requestTextOf } from '../session/peer.ts';
import { tooLarge } from '../reply.ts';
import type { Conversation } from '../server.ts';
import type { Stray } from '../stray.ts';
import { StdioProcess } from './process.ts';

export interface ConnectionOptions {
  readonly server: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd: string | undefined;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly isolated: boolean;
  readonly maxLineBytes: number;
  readonly redact: Redact;
  readonly stray: Stray;
  readonly news: LineNews;
  /** Reads the standard error. */
  readonly stderr: (chunk: Buffer) => void;
  /** How long it may go unused; `idle` is told, again and again while it stays so. */
  readonly idleMs?: number;
  idle(): void;
  /** The process is gone; called once, also when it could not be started. `wanted` when it was to end. */
  exited(wanted: boolean): void;
}

/** One life of a stdio server: a process, and the requests that wait for it. Throws when it cannot be started. */
export class StdioConnection {
  readonly #options: ConnectionOptions;
  readonly #process: StdioProcess;
  readonly #peer: Peer;
  readonly #idle: NodeJS.Timeout | undefined;
  #initialized = false;
  /** Whether it ends when nothing waits for it any more. */
  #retiring = false;
  #closing = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#peer = new Peer({
      server: options.server,
      isolated: options.isolated,
      stray: options.stray,
      news: options.news,
      send: (text) => this.#process.send(text),
      abandoned: (id) => {
        // `initialize` is never cancelled (MCP, Cancellation).
        if (this.#initialized) this.notify('notifications/cancelled', { requestId: id });
        this.#settled();
      },
    });
    const { command, cwd, env, maxLineBytes, stderr } = options;
    this.#process = new StdioProcess({
      command,
      cwd,
      env,
      maxLineBytes,
      stderr,
      line: (line) => this.#line(line),
      tooLong: (head, tail) => this.#lost(head.toString('latin1'), tail.toString('latin1'), 'too_large'),
      exited: () => this.#end(),
    });
    const { idleMs } = options;
    if (idleMs !== undefined) this.#idle = setTimeout(() => this.#unused(), idleMs).unref();
  }

  /** The process group; undefined when the process could not be started. */
  get group(): number | undefined {
    return this.#process.group;
  }

  /** Whether no request waits for its answer. */
  get isUnused(): boolean {
    return this.#peer.size === 0;
  }

  /** The server has been initialised; `batches` when the revision agreed on has them. */
  initialized(batches: boolean): void {
    this.#initialized = true;
    this.#peer.batches = batches;
    this.notify('notifications/initialized');
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation?: Conversation,
  ): Promise<UpstreamReply> {
    if (this.#process.isGone) return Promise.reject(this.#unavailable());
    const { id, reply } = this.#peer.open(limits, conversation);
    if (!this.#peer.has(id)) return reply;
    this.#idle?.refresh();
    this.#process.send(requestTextOf(id, method, params, conversation));
    return reply;
  }

  notify(method: string, params?: JsonObject): void {
    this.#process.send(notificationText(method, params));
  }

  /** Ends the process when the last request that waits has been answered. */
  retire(): void {
    this.#retiring = true;
    this.#settled();
  }

  /** `wanted` unless it ends for something that it did wrong. */
  close(wanted = true): Promise<void> {
    this.#closing = wanted;
    return this.#process.close();
  }

  #line(line: Buffer): void {
    const text = this.#options.redact(line.toString('utf8'));
    const parsed = parseExact(text);
    if (parsed.ok) {
      this.#peer.take(parsed.value, line.length, ANY_REQUEST);
      this.#settled();
      return;
    }
    // Servers print banners and log lines where only messages belong.
    if (parsed.problem.code === 'syntax') this.#options.stray.garbage++;
    else this.#lost(text.slice(0, 256), text.slice(-256), 'protocol');
  }

  /**
   * An answer that was too long or could not be taken. When its ends do not tell whose it was, every
   * waiting request is failed.
   */
  #lost(head: string, tail: string, failure: 'too_large' | 'protocol'): void {
    const first = head.trimStart()[0];
    if (first !== '{' && !(first === '[' && this.#peer.batches)) {
      this.#options.stray.garbage++;
      return;
    }
    const { server, maxLineBytes } = this.#options;
    const error =
      failure === 'too_large'
        ? tooLarge(server, maxLineBytes)
        : new UpstreamError('protocol', `the answer of server \`${server}\` cannot be read safely`);
    const id = first === '{' ? idOfLost(head, tail) : undefined;
    if (id !== undefined && this.#peer.has(id)) this.#peer.settle(id, error);
    else this.#peer.failAll(error);
    this.#settled();
  }

  /** Something may have been answered. */
  #settled(): void {
    this.#idle?.refresh();
    if (this.#retiring && this.#peer.size === 0 && !this.#closing) void this.close();
  }

  #unused(): void {
    this.#idle?.refresh();
    if (this.#peer.size === 0) this.#options.idle();
  }

  #unavailable(): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.#options.server}\` has ended`);
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#peer.end(this.#unavailable());
    this.#options.exited(this.#closing);
  }
}
