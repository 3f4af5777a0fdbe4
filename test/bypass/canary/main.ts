// A canary over standard input and output: `node main.ts <name> <journal>`.
import { createInterface } from 'node:readline';
import { Canary, type Line, type Params } from './canary.ts';
import { ANSWER_MS } from './http-sessions.ts';
import { fileJournal } from './journal.ts';
import { type Listening, statelessAnswer } from './stateless.ts';
import { CANARIES } from './world.ts';

const [given = '', file = ''] = process.argv.slice(2);
const name = CANARIES.find((known) => known === given);
if (name === undefined || file === '') throw new TypeError('usage: main.ts <name> <journal>');

const canary = new Canary(name, fileJournal(file));
const stateless = name === 'neighbour';
const questions = new Map<string, (answer: unknown) => void>();
const listening = new Map<unknown, () => void>();
let asked = 0;

const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

const line: Line = {
  stateless,
  shared: true,
  presented: Object.entries(process.env)
    .map(([variable, value]) => `${variable}=${value}`)
    .join('\n'),
  bearer: false,
  say,
  ask: (method, params) => {
    const id = `question-${++asked}`;
    return new Promise((answered) => {
      const settle = (answer: unknown): void => {
        clearTimeout(timer);
        questions.delete(id);
        answered(answer);
      };
      const timer = setTimeout(() => settle(undefined), ANSWER_MS);
      questions.set(id, settle);
      say({ jsonrpc: '2.0', id, method, params });
    });
  },
};

if (!stateless) canary.listen(say);

interface Incoming {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Params & Listening & { readonly protocolVersion?: string; readonly requestId?: unknown };
}

async function take({ id, method, params = {} }: Incoming, message: unknown): Promise<void> {
  if (method === 'notifications/cancelled') return listening.get(params.requestId)?.();
  if (method === undefined) return questions.get(String(id))?.(message);
  // It runs what has no id as well, and keeps the answer for itself.
  if (id === undefined) return void (await canary.answer({ id: 0, method, params }, line));
  if (method === 'initialize') {
    if (stateless) return say({ jsonrpc: '2.0', id, error: { code: -32601, message: 'no such method' } });
    const { protocolVersion = '2025-11-25' } = params;
    const serverInfo = { name: canary.name, version: '1.0.0' };
    return say({
      jsonrpc: '2.0',
      id,
      result: { protocolVersion, capabilities: canary.capabilities, serverInfo },
    });
  }
  const request = { id, method, params };
  const answers = stateless
    ? await statelessAnswer(canary, request, line, (stop) => listening.set(id, stop))
    : await canary.answer(request, line);
  for (const answer of answers) say(answer);
}

createInterface({ input: process.stdin })
  .on('line', (text) => {
    const message = JSON.parse(text) as Incoming | readonly Incoming[];
    for (const one of Array.isArray(message) ? (message as readonly Incoming[]) : [message as Incoming]) {
      void take(one, one);
    }
  })
  .on('close', () => process.exit(0));
