import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { LineReader } from '../../lines.ts';
import { endGroup, signalGroup } from './process-group.ts';

export interface ProcessOptions {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string | undefined;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly maxLineBytes: number;
  /** Reads the standard error. */
  readonly stderr: (chunk: Buffer) => void;
  /** One line of its output; valid only during the call. */
  line(line: Buffer): void;
  /** The two ends of a line that was longer than allowed. */
  tooLong(head: Buffer, tail: Buffer): void;
  /** The process is gone; called once, also when it could not be started. */
  exited(): void;
}

/** A server that does not read its input is given up when this much waits for it. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;

/** How long the last output of a server that has ended is waited for. */
const LAST_OUTPUT_MS = 500;

/** A line this many times longer than allowed is no answer any more: the server is ended. */
const FLOOD_FACTOR = 4;

/** One life of a child process that reads and writes lines. Throws when it cannot be started. */
export class StdioProcess {
  readonly #options: ProcessOptions;
  readonly #child: ChildProcess;
  readonly #lines: LineReader;
  #gone = false;
  #gathering = false;

  constructor(options: ProcessOptions) {
    this.#options = options;
    this.#lines = new LineReader(options.maxLineBytes, options);
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
    this.#child.stderr?.on('data', options.stderr);
  }

  /** The process group; undefined when the process could not be started. */
  get group(): number | undefined {
    return this.#child.pid;
  }

  get isGone(): boolean {
    return this.#gone;
  }

  /** Writes one line. What a process that is gone would be sent is dropped. */
  send(text: string): void {
    const { stdin } = this.#child;
    if (this.#gone || stdin === null || !stdin.writable) return;
    this.#gather(stdin);
    stdin.write(`${text}\n`);
    if (stdin.writableLength > MAX_UNSENT_BYTES) signalGroup(this.#child, 'SIGKILL');
  }

  /** Lines of many clients that come in one turn of the event loop leave together, at its end. */
  #gather(stdin: Writable): void {
    if (this.#gathering) return;
    this.#gathering = true;
    stdin.cork();
    setImmediate(() => {
      this.#gathering = false;
      stdin.uncork();
    });
  }

  /** Closes its input, and ends it when that is not enough. */
  async close(): Promise<void> {
    this.#child.stdin?.end();
    await endGroup(this.#child);
    this.#end();
  }

  #read(chunk: Buffer): void {
    this.#lines.push(chunk);
    if (this.#lines.pendingBytes > this.#options.maxLineBytes * FLOOD_FACTOR) {
      signalGroup(this.#child, 'SIGKILL');
    }
  }

  #end(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#options.exited();
  }
}
