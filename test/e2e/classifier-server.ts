// A classifier of texts, as a program of its own. Says where it listens, keeps what it was asked in a journal, and
// answers by the first word of the topic: `odd` is surely an attack, `calm` is none, `lost` gets no answer.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [journal = ''] = process.argv.slice(2);
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const asked = Buffer.concat(chunks).toString();
    appendFileSync(journal, `${asked}\n`);
    if (asked.includes('lost')) return;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ score: asked.includes('odd') ? 0.97 : 0.01 }));
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/score\n`);
});
