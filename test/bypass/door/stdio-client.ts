import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Client } from './client.ts';
import type { Composer } from './compose.ts';
import { type Door, isStateless } from './door.ts';
import { Inbox } from './inbox.ts';
import { isSuccess, type Message, type Outcome, readMessages } from './message.ts';
import { type Shot, UNANSWERED } from './shot.ts';

/** How long a gateway may take to start its servers. */
const START_MS = 20_000;

export interface StdioPlace {
  readonly command: readonly [string, ...string[]];
  /** How long an answer is waited for before silence counts as one. */
  readonly silenceMs: number;
}

/** A client on the two ends of a process. */
export class StdioClient implements Client {
  readonly door: Door;
  readonly compose: Composer;
  readonly #child: ChildProcess;
  readonly #silenceMs: number;
  readonly #inbox = new Inbox();
  readonly #ended: Promise<void>;
  heard = '';

  constructor(door: Door, compose: Composer, { command: [program, ...args], silenceMs }: StdioPlace) {
    this.door = door;
    this.compose = compose;
    this.#silenceMs = silenceMs;
    const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NO_COLOR: '1' };
    this.#child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#ended = new Promise((done) => this.#child.once('close', () => done()));
    this.#child.once('error', () => {});
    this.#child.stdin?.on('error', () => {});
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => {
        this.heard += `${line}\n`;
        for (const message of readMessages(line)) this.#inbox.receive(message);
      });
    }
  }

  get messages(): readonly Message[] {
    return this.#inbox.messages;
  }

  /** Whether the process can still be talked to. */
  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** False when this door is not offered. */
  async connect(): Promise<boolean> {
    if (isStateless(this.door)) {
      const { messages } = await this.#fire(this.compose.request('server/discover'), START_MS);
      return messages.some(isSuccess);
    }
    const { messages } = await this.#fire(this.compose.initialize(), START_MS);
    if (messages.find(isSuccess)?.result?.['protocolVersion'] !== this.door.revision) return false;
    await this.fire(this.compose.notification('notifications/initialized'));
    return true;
  }

  fire(shot: Shot): Promise<Outcome> {
    return this.#fire(shot, this.#silenceMs);
  }

  forget(): void {
    this.heard = '';
    this.#inbox.forget();
  }

  async close(): Promise<void> {
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await this.#ended;
    clearTimeout(timer);
  }

  #fire({ body, id }: Shot, withinMs: number): Promise<Outcome> {
    const answered = id === UNANSWERED ? NOTHING : this.#inbox.answerTo(id, withinMs);
    this.#child.stdin?.write(Buffer.concat([Buffer.from(body), Buffer.from('\n')]));
    return answered;
  }
}

const NOTHING: Promise<Outcome> = Promise.resolve({ messages: [], text: '' });
