// The floor before a stdio child: a body becomes a line, and the line with the same id the answer. Nothing
// is checked, and ids are trusted to be unique. Its arguments are the command of the child.
import { spawn } from 'node:child_process';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lines } from './lines.ts';

const [, , command = '', ...args] = process.argv;
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
const waiting = new Map<string, ServerResponse>();

child.stdout.on(
  'data',
  lines((line) => {
    const id = idOf(line);
    const response = waiting.get(id);
    waiting.delete(id);
    response?.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(line),
    });
    response?.end(line);
  }),
);

function idOf(json: string): string {
  return /"id":("[^"]*"|\d+)/.exec(json)?.[1] ?? '';
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    const id = idOf(body);
    if (id === '') response.writeHead(202).end();
    else waiting.set(id, response);
    child.stdin.write(`${body}\n`);
  });
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => {
  child.kill();
  process.exit();
});
