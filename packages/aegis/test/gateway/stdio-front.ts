import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterEach, beforeEach } from 'vitest';
import type { Caller } from '../../src/enforce/door.ts';
import { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import { serveStdio, type StdioFront, type StdioFrontLimits } from '../../src/gateway/front/stdio.ts';
import { NamedKernel } from './named-kernel.ts';
import { StreamTransport } from './stream-transport.ts';
import { scripted, serverFile, startAll, stdio, until } from './upstreams.ts';

export const CALLER: Caller = { tenant: 'default', agent: 'tester', user: 'tester', door: 'mcp-stdio' };

const TOOLS = 'echo,params,environment,silence,late,die,exact,progress,error,grow,big,denied,complain';

/** What {@link childrenBehind} has set up for the test that runs. */
export let catalogue: Catalogue;
export let kernel: NamedKernel;
export let front: StdioFront | undefined;

/** Gives each test of the file children of its own, and closes the front that it opened. */
export function childrenBehind(): void {
  beforeEach(async () => {
    kernel = new NamedKernel({
      denied: ['denied', 'forbidden'],
      hidden: ['hidden', 'test://secret', 'secret-prompt'],
    });
    catalogue = new Catalogue([
      scripted('script', [`--tools=${TOOLS}`], { env: { TOKEN: { env: 'CHILD_TOKEN' } } }),
      stdio({ name: 'library', command: [process.execPath, serverFile('library-stdio')] }),
    ]);
    await startAll(catalogue);
  });

  afterEach(async () => {
    await front?.close('the test is over');
    await catalogue.close();
  });
}

export async function connectClient(): Promise<{ client: Client; transport: StreamTransport }> {
  const transport = new StreamTransport();
  front = serveStdio({
    kernel,
    catalogue,
    caller: CALLER,
    version: '1.2.3',
    input: transport.toServer,
    output: transport.toClient,
  });
  const client = new Client({ name: 'official', version: '1.0' });
  await client.connect(transport);
  return { client, transport };
}

interface Raw {
  readonly input: PassThrough;
  send(message: unknown): void;
  sendText(text: string | Buffer): void;
  /** The messages that came, parsed. */
  readonly answers: {
    id?: unknown;
    result?: Record<string, unknown>;
    error?: { code: number; data?: unknown };
    method?: string;
  }[];
  readonly text: () => string;
}

/** A client that may break every rule. */
export function rawClient(limits: Partial<StdioFrontLimits> = {}, output = new PassThrough()): Raw {
  const input = new PassThrough();
  const answers: Raw['answers'] = [];
  let all = '';
  let rest = '';
  output.on('data', (chunk: Buffer) => {
    all += chunk.toString();
    rest += chunk.toString();
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) answers.push(JSON.parse(line) as Raw['answers'][number]);
  });
  front = serveStdio({ kernel, catalogue, caller: CALLER, version: '1.2.3', input, output, limits });
  return {
    input,
    answers,
    text: () => all,
    send: (message) => void input.write(`${JSON.stringify(message)}\n`),
    sendText: (text) => void input.write(text),
  };
}

export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 'init',
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '0' } },
};

export async function openRaw(limits: Partial<StdioFrontLimits> = {}): Promise<Raw> {
  const raw = rawClient(limits);
  raw.send(INITIALIZE);
  await until('the session is open', () => raw.answers.length === 1);
  raw.answers.length = 0;
  return raw;
}

export const toolCall = (id: unknown, name: string, args: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});
