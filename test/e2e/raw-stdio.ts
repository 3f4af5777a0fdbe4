// A client that sends exactly the bytes it is told to: no library makes them well-behaved.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { executable } from './aegis.ts';

interface Content {
  readonly text?: string;
}

interface Denied {
  readonly code: string;
  readonly rule?: string;
  readonly message: string;
}

/** One JSON-RPC message as it came, as far as tests look into it. */
export interface Answer {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly result?: {
    readonly content?: readonly Content[];
    readonly contents?: readonly Content[];
    readonly _meta?: { readonly 'aegis/denial'?: Denied };
  };
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Denied };
}

export interface RawClient {
  readonly child: ChildProcess;
  /** Every message that came, in order. */
  readonly answers: readonly Answer[];
  /** Sends text as it is, and a line break. */
  send(line: string): void;
  /** Sends several lines in one write, so that they arrive together. */
  sendTogether(...lines: readonly string[]): void;
  /** The answer to an id; rejects when none comes within `withinMs`. */
  answer(id: string | number | null, withinMs?: number): Promise<Answer>;
  call(name: string, args?: unknown): Promise<Answer>;
  stderr(): string;
  /** Closes the input and waits for the end of the process. */
  close(): Promise<number | null>;
}

export const initialize =
  '{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}';

export function callLine(id: string | number, name: string, args: unknown = {}): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });
}

/** Starts `aegis mcp` and initializes a session. */
export async function connectRaw(
  configuration: string,
  options: { readonly command?: readonly [string, ...string[]] } = {},
): Promise<RawClient> {
  const [program, ...before] = options.command ?? [process.execPath];
  const child = spawn(program, [...before, executable, 'mcp', '--config', configuration], {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => {});
  const answers: Answer[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    answers.push(JSON.parse(line) as Answer);
    for (const look of waiting) look();
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  let calls = 0;
  const client: RawClient = {
    child,
    answers,
    send: (line) => void child.stdin.write(`${line}\n`),
    sendTogether: (...lines) => void child.stdin.write(lines.map((line) => `${line}\n`).join('')),
    answer: (id, withinMs = 20_000) =>
      new Promise((found, fail) => {
        const look = (): void => {
          const answer = answers.find((one) => one.id === id && one.method === undefined);
          if (answer === undefined) return;
          clearTimeout(timer);
          waiting.delete(look);
          found(answer);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          fail(new Error(`no answer to ${JSON.stringify(id)}: ${stderr}`));
        }, withinMs);
        waiting.add(look);
        look();
      }),
    call: (name, args = {}) => {
      const id = `call-${++calls}`;
      client.send(callLine(id, name, args));
      return client.answer(id);
    },
    stderr: () => stderr,
    close: () => {
      child.stdin.end();
      return ended;
    },
  };
  client.send(initialize);
  await client.answer('init');
  client.send('{"jsonrpc":"2.0","method":"notifications/initialized"}');
  return client;
}

/** The denial that a tool result carries for programs; undefined for a call that was let through. */
export function denialOf({ result, error }: Answer): Denied | undefined {
  return result?._meta?.['aegis/denial'] ?? error?.data;
}
