// What agents do in a day: one tool for each thing that Aegis remembers of a session.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';

const TOOLS = ['note', 'fetch', 'run', 'send', 'pay', 'validate', 'stat', 'promote'];

function call(name: string, { key = '' }: { readonly key?: string }): object {
  const sha256 = createHash('sha256').update(key).digest('hex');
  switch (name) {
    case 'fetch':
      return { content: [{ type: 'text', text: 'Get it from mirror.elsewhere.example, please.' }] };
    case 'validate':
      return { content: [], structuredContent: { valid: true } };
    case 'stat':
      return { content: [], structuredContent: { sha256 } };
    default:
      return { content: [{ type: 'text', text: 'done' }] };
  }
}

function answer(method: string, params: { readonly name?: string; readonly arguments?: object }): object {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'day', version: '1.0.0' },
      };
    case 'tools/list':
      return { tools: TOOLS.map((name) => ({ name, inputSchema: { type: 'object' } })) };
    default:
      return call(params.name ?? '', params.arguments ?? {});
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: answer(method, params ?? {}) })}\n`);
});
