import { type ChildProcess, spawn } from 'node:child_process';
import { type JsonObject, type JsonValue, parseExact } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../ports.ts';
import { notificationText, requestText } from '../jsonrpc.ts';
import { LineReader } from '../lines.ts';
import type { Redact } from '../redact.ts';
import { receive, replyOf, tooLarge } from './incoming.ts';
import { PendingRequests } from './pending.ts';
import { endGroup, signalGroup } from './process-group.ts';
import type { ListKind, ProgressListener, StrayCounts } from './server.ts';
import type { StderrTail } from './stderr.ts';

export interface ConnectionOptions {
  readonly server: string;
  readonly command: readonly [string, ...string[]];
  readonly cwd: string | undefined;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly maxLineBytes: number;
  readonly redact: Redact;
  readonly stray: StrayCounts;
  readonly stderr: StderrTail;
  listChanged(kind: ListKind): void;
  /** The process is gone; called once, also when it could not be started. */
  exited(): void;
}

/** A server that does not read its input is given up when this much waits for it. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;

/** How long the last output of a server that has ended is waited for. */
const LAST_OUTPUT_MS = 500;

/** A line this many times longer than allowed is no answer any more: the server is ended. */
const FLOOD_FACTOR = 4;

/** One life of a stdio server: a process, its pipes, and the requests that wait for it. */
export class StdioConnection {
  readonly #options: ConnectionOptions;
  readonly #child: ChildProcess;
  readonly #pending: PendingRequests;
  readonly #lines: LineReader;
  #gone = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#pending = new PendingRequests(options.server, (id) => {
      this.notify('notifications/cancelled', { requestId: id });
    });
    this.#lines = new LineReader(options.maxLineBytes, {
      line: (line) => this.#line(line),
      tooLong: (head, tail) => this.#lost(head.toString('latin1'), tail.toString('latin1'), 'too_large'),
    });
    const [program, ...args] = options.command;
    this.#child = spawn(program, args, {
      cwd: options.cwd,
      // SECURITY: nothing of our own environment but what the definition declares.
      env: options.env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.#child.once('error', () => this.#end());
    this.#child.once('exit', () => {
      // SECURITY: descendants do not stay behind when their leader ends, those that ignore SIGTERM included.
      signalGroup(this.#child, 'SIGKILL');
      // One that left the group may hold the pipes open; what the server wrote last is waited for only so long.
      setTimeout(() => this.#end(), LAST_OUTPUT_MS).unref();
    });
    this.#child.once('close', () => this.#end());
    this.#child.stdin?.on('error', () => {});
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => options.stderr.push(chunk));
  }

  /** The process group; undefined when the process could not be started. */
  get group(): number | undefined {
    return this.#child.pid;
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    progress?: ProgressListener,
  ): Promise<UpstreamReply> {
    if (this.#gone) return Promise.reject(this.#unavailable());
    const { id, reply } = this.#pending.open(limits, progress);
    if (!this.#pending.has(id)) return reply;
    this.#send(
      requestText(id, method, progress === undefined ? params : { ...params, _meta: { progressToken: id } }),
    );
    return reply;
  }

  notify(method: string, params?: JsonObject): void {
    this.#send(notificationText(method, params));
  }

  async close(): Promise<void> {
    this.#child.stdin?.end();
    await endGroup(this.#child);
    this.#end();
  }

  #send(text: string): void {
    const { stdin } = this.#child;
    if (this.#gone || stdin === null || !stdin.writable) return;
    stdin.write(`${text}\n`);
    if (stdin.writableLength > MAX_UNSENT_BYTES) signalGroup(this.#child, 'SIGKILL');
  }

  #read(chunk: Buffer): void {
    this.#lines.push(chunk);
    if (this.#lines.pendingBytes > this.#options.maxLineBytes * FLOOD_FACTOR) {
      signalGroup(this.#child, 'SIGKILL');
    }
  }

  #line(line: Buffer): void {
    const text = this.#options.redact(line.toString('utf8'));
    const parsed = parseExact(text);
    if (parsed.ok) return this.#message(parsed.value, line.length);
    // Servers print banners and log lines where only messages belong.
    if (parsed.problem.code === 'syntax') this.#options.stray.garbage++;
    else this.#lost(text.slice(0, 256), text.slice(-256), 'protocol');
  }

  #message(value: JsonValue, bytes: number): void {
    const response = receive(value, {
      progressOf: (token) => this.#pending.progressOf(token),
      listChanged: (kind) => this.#options.listChanged(kind),
      answer: (text) => this.#send(text),
      stray: this.#options.stray,
    });
    if (response === undefined) return;
    const maxOutputBytes = this.#pending.maxOutputBytes(response.id);
    if (maxOutputBytes === undefined) {
      this.#options.stray.late++;
      return;
    }
    const { server } = this.#options;
    this.#pending.settle(response.id, replyOf(server, response.message, bytes, maxOutputBytes));
  }

  /**
   * An answer that was too long or could not be taken. Whose it was is read from either end of its
   * text, where serialisers put the id; when it is in neither, every waiting request is failed.
   */
  #lost(head: string, tail: string, failure: 'too_large' | 'protocol'): void {
    if (!head.trimStart().startsWith('{')) {
      this.#options.stray.garbage++;
      return;
    }
    const { server, maxLineBytes } = this.#options;
    const error =
      failure === 'too_large'
        ? tooLarge(server, maxLineBytes)
        : new UpstreamError('protocol', `the answer of server \`${server}\` cannot be read safely`);
    const id = Number((ID_IN_HEAD.exec(head) ?? ID_IN_TAIL.exec(tail))?.[1] ?? Number.NaN);
    if (this.#pending.has(id)) this.#pending.settle(id, error);
    else this.#pending.settleAll(error);
  }

  #unavailable(): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.#options.server}\` has ended`);
  }

  #end(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#pending.settleAll(this.#unavailable());
    this.#options.exited();
  }
}

const ID_IN_HEAD =
  /^\s{0,8}\{\s{0,8}(?:"jsonrpc"\s{0,8}:\s{0,8}"2\.0"\s{0,8},\s{0,8})?"id"\s{0,8}:\s{0,8}(\d{1,15})\s{0,8},/;
const ID_IN_TAIL =
  /,\s{0,8}"id"\s{0,8}:\s{0,8}(\d{1,15})\s{0,8}(?:,\s{0,8}"jsonrpc"\s{0,8}:\s{0,8}"2\.0"\s{0,8})?\}\s{0,8}$/;
