// What the measured servers answer, over HTTP and over stdio alike: text as long as the call asks for.

interface Message {
  readonly id?: string | number;
  readonly method: string;
  readonly params?: {
    readonly name?: string;
    readonly arguments?: { readonly n?: number; readonly bytes?: number; readonly note?: string };
  };
}

/** Calls that a policy should have stopped, as this server saw them. */
export interface Executed {
  forbidden: number;
  suspicious: number;
}

export function nothingExecuted(): Executed {
  return { forbidden: 0, suspicious: 0 };
}

/** The answer to one message as JSON; undefined for a notification. */
export function answer(message: Message, tools: number, executed: Executed): string | undefined {
  const { id, method, params } = message;
  if (id === undefined) return undefined;
  if (method === 'tools/call') return answerCall(JSON.stringify(id), params ?? {}, executed);
  const result = answerOther(method, tools);
  return JSON.stringify(
    result === undefined
      ? { jsonrpc: '2.0', id, error: { code: -32601, message: 'method not found' } }
      : { jsonrpc: '2.0', id, result },
  );
}

function answerCall(id: string, params: NonNullable<Message['params']>, executed: Executed): string {
  const { n = 0, bytes = 0, note = '' } = params.arguments ?? {};
  let text = `call ${n};`;
  if (params.name === 'forbidden') {
    executed.forbidden += 1;
    text += ' LEAKED';
  } else if (params.name === 'executed') {
    text += ` forbidden=${executed.forbidden} suspicious=${executed.suspicious}`;
  } else {
    if (note.includes('previous instructions')) executed.suspicious += 1;
    text += filler(bytes - text.length);
  }
  return `{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"${text}"}]}}`;
}

function answerOther(method: string, tools: number): unknown {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'bench', version: '1.0.0' },
      };
    case 'ping':
      return {};
    case 'tools/list':
      return {
        tools: [...Array.from({ length: tools }, (_, i) => `tool_${i}`), 'forbidden', 'executed'].map(toolOf),
      };
    default:
      return undefined;
  }
}

function toolOf(name: string) {
  return {
    name,
    description: `Reads the report that ${name} keeps of one customer, and answers with its lines as plain text.`,
    inputSchema: {
      type: 'object',
      properties: {
        n: { type: 'integer', description: 'number of the call' },
        path: { type: 'string', description: 'where the report lies' },
        note: { type: 'string', description: 'why it is read' },
        bytes: { type: 'integer', description: 'length of the answer' },
      },
    },
  };
}

// Records as tools return them: words, numbers, dates, and one address that must be masked. Already
// escaped as the content of a JSON string, so that the server costs next to nothing.
const RECORDS = Array.from({ length: 1000 }, (_, i) => {
  const day = String((i % 28) + 1).padStart(2, '0');
  const amount = ((i * 7919) % 100_000) / 100;
  return `2026-03-${day}T08:${String(i % 60).padStart(2, '0')}:00Z order ${4000 + i} shipped, ${amount} EUR, 3 items in box ${i % 17}\\n`;
}).join('');
const START = ' report of ada@example.com\\n';

const fillers = new Map<number, string>();

function filler(bytes: number): string {
  let text = fillers.get(bytes);
  if (text === undefined) {
    text = (START + RECORDS).slice(0, Math.max(0, bytes));
    if (text.endsWith('\\')) text = `${text.slice(0, -1)}.`;
    fillers.set(bytes, text);
  }
  return text;
}
