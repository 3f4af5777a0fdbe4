// A server whose every effect stands in a file: what was really executed, whoever was killed meanwhile.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const journal = process.argv[2] ?? '';
appendFileSync(`${journal}.pids`, `${process.pid}\n`);

function answer(method: string, params: { arguments?: { n?: number } }): unknown {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'journal', version: '1.0.0' },
      };
    case 'tools/list':
      return { tools: [{ name: 'write', inputSchema: { type: 'object' } }] };
    default:
      appendFileSync(journal, `${params.arguments?.n}\n`);
      return { content: [{ type: 'text', text: 'written' }] };
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: answer(method, params ?? {}) })}\n`);
});
