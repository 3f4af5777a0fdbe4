import type { ClientRequest, Person } from './person.ts';
import type { Answer, Method, Question } from './question.ts';

/** Where a client connects to: a program that it starts, or an address. */
export type Target =
  | {
      readonly kind: 'program';
      readonly command: readonly [string, ...string[]];
      readonly environment: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'url'; readonly url: string; readonly token?: string };

export interface Connected {
  /** What the client has a way to ask. */
  readonly can: ReadonlySet<Method>;
  ask(question: Question): Promise<Answer>;
  close(): Promise<void>;
}

/** The revisions with sessions, or the one without. */
export type Era = 'legacy' | 'modern';

/** An MCP client as it can be had from the registry. */
export interface StockClient {
  readonly name: string;
  /** How it reaches the gateway. */
  readonly door: 'stdio' | 'http' | 'sse';
  /** The era that it speaks with the gateway. The servers themselves speak `legacy` only. */
  readonly era: Era;
  /** It starts a process for each question, and is asked only some. */
  readonly brief?: true;
  /** Whether it hands `resultType` to its user. */
  readonly showsResultType?: true;
  /** What it lets servers ask. */
  readonly asks: readonly ClientRequest[];
  /** With a person it declares all that it lets servers ask; without one, nothing. */
  connect(target: Target, era: Era, person?: Person): Promise<Connected>;
}

export const EVERY_METHOD: ReadonlySet<Method> = new Set<Method>([
  'initialize',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'notifications/message',
]);

export const EVERY_ASK: readonly ClientRequest[] = [
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
];

export function only(methods: readonly Method[]): ReadonlySet<Method> {
  return new Set(methods);
}

/** A failure as the client reports it. */
export function failed(error: unknown): Answer {
  const { message, code } = error as { message?: unknown; code?: unknown };
  return {
    error: {
      message: typeof message === 'string' ? message : String(error),
      ...(typeof code === 'number' ? { code } : {}),
    },
  };
}

/** The log messages that a client has heard. */
export class Heard {
  readonly #messages: unknown[] = [];
  #wake: () => void = () => {};

  add(message: unknown): void {
    this.#messages.push(message);
    this.#wake();
  }

  /** The first one; fails when there is none in time. */
  async first(withinMs = 4_000): Promise<unknown> {
    if (this.#messages.length === 0) {
      await new Promise<void>((done) => {
        this.#wake = done;
        setTimeout(done, withinMs).unref();
      });
    }
    if (this.#messages.length === 0) throw new Error('nothing was heard');
    return this.#messages[0];
  }
}

/** The environment that a program needs in order to run at all. */
export function bareEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NO_COLOR: '1', ...extra };
}
