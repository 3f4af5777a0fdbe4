import type { Readable, Writable } from 'node:stream';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Batch, Message } from '../jsonrpc.ts';
import type { Caller, Kernel } from '../../enforce/door.ts';
import { LineReader } from '../lines.ts';
import { MAX_UNREAD_BYTES } from './channel.ts';
import { decodeAny, unreadable } from './decode.ts';
import { SESSION_LIMITS, type SessionLimits } from './session/limits.ts';
import { SharedBudget } from './shared-budget.ts';
import { ModernFront } from './modern/front.ts';
import { isModernMessage } from './modern/recognise.ts';
import { StdioRequests } from './modern/stdio.ts';
import { FrontSession } from './session/session.ts';

export interface StdioFrontOptions {
  readonly kernel: Kernel;
  readonly catalogue: Catalogue;
  readonly caller: Caller;
  readonly version: string;
  readonly input: Readable;
  readonly output: Writable;
  readonly limits?: Partial<StdioFrontLimits>;
}

export interface StdioFrontLimits extends SessionLimits {
  readonly maxLineBytes: number;
  /** How long calls may still run after the client has closed its end. */
  readonly drainMs: number;
}

const LIMITS: StdioFrontLimits = { ...SESSION_LIMITS, maxLineBytes: 4 * 1024 * 1024, drainMs: 1_000 };

/** What is kept of the results of tasks, in UTF-16 code units. */
const MAX_TASK_CHARS = 32 * 1024 * 1024;

/** A client that leaves so much unread, in bytes, has gone away. */
const MAX_UNREAD_AT_ALL = 64 * 1024 * 1024;

export interface StdioFront {
  /** Fulfilled when the client is gone and the session has been closed. */
  readonly closed: Promise<void>;
  close(cause: string): Promise<void>;
}

/** Serves one client on a pair of streams: one JSON-RPC message on each line. */
export function serveStdio(options: StdioFrontOptions): StdioFront {
  return new StdioServer(options);
}

class StdioServer implements StdioFront {
  readonly closed: Promise<void>;
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #session: FrontSession;
  readonly #modern: ModernFront;
  /** The requests of the era without sessions, which may come on the same line. */
  readonly #requests: StdioRequests;
  readonly #drainMs: number;
  readonly #handling = new Set<Promise<void>>();
  readonly #whenClosed: () => void;
  #closing: Promise<void> | undefined;

  constructor({ kernel, catalogue, caller, version, input, output, limits: given }: StdioFrontOptions) {
    const limits = { ...LIMITS, ...given };
    this.#input = input;
    this.#output = output;
    this.#drainMs = limits.drainMs;
    const taskRoom = new SharedBudget(MAX_TASK_CHARS);
    const context = { kernel, catalogue, version, limits, taskRoom };
    this.#session = new FrontSession(context, caller, this.#send);
    this.#modern = new ModernFront({ kernel, version });
    this.#requests = new StdioRequests(this.#modern, { caller, catalogue, send: this.#write });
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.#whenClosed = resolve;
    const lines = new LineReader(limits.maxLineBytes, {
      line: (line) => this.#take(decodeAny(line)),
      tooLong: () => this.#take(unreadable('the message is too long')),
    });
    input.on('data', (chunk: Buffer) => lines.push(chunk));
    input.once('end', () => {
      lines.end();
      void this.#drain();
    });
    input.once('error', () => void this.close('the input failed'));
    // A client that no longer reads has gone away.
    output.once('error', () => void this.close('the output failed'));
    output.on('drain', () => input.resume());
  }

  close(cause: string): Promise<void> {
    this.#closing ??= this.#close(cause);
    return this.#closing;
  }

  async #close(cause: string): Promise<void> {
    this.#input.pause();
    await Promise.all([this.#session.close(cause), this.#modern.close(cause)]);
    this.#requests.cancelAll();
    this.#whenClosed();
  }

  async #drain(): Promise<void> {
    this.#requests.cancelListening();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#drainMs);
    });
    await Promise.race([Promise.all(this.#handling), deadline]);
    clearTimeout(timer);
    await this.close('the client closed its end');
  }

  #take(message: Message | Batch): void {
    const handled = this.#handle(message).finally(() => this.#handling.delete(handled));
    this.#handling.add(handled);
  }

  async #handle(message: Message | Batch): Promise<void> {
    if (message.kind === 'request' && isModernMessage(message)) return this.#requests.receive(message);
    if (message.kind === 'notification' && message.method === 'notifications/cancelled') {
      if (this.#requests.cancel(message.params['requestId'])) return;
    }
    const answer = await this.#session.receive(message, this.#send);
    if (answer !== undefined) this.#write(answer);
  }

  /** What comes before an answer is not sent to a client that has left too much unread. */
  readonly #send = (text: string): boolean => {
    return this.#output.writableLength <= MAX_UNREAD_BYTES && this.#write(text);
  };

  readonly #write = (text: string): boolean => {
    if (!this.#output.writable) return false;
    // A client that asks faster than it reads is not listened to until it has caught up.
    if (!this.#output.write(`${text}\n`)) this.#input.pause();
    if (this.#output.writableLength > MAX_UNREAD_AT_ALL) void this.close('the client does not read');
    return true;
  };
}
