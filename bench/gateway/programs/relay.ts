// The floor: what any HTTP gateway on Node must do at least. It hands over bodies as they come, through
// `node:http` in front and undici's `dispatch` behind, and looks at nothing. Its argument is the URL behind.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dispatcher, Pool } from 'undici';

const behind = new URL(process.argv[2] ?? '');
const pool = new Pool(behind.origin, { connections: 256 });

class Relayed implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  // undici asks for it.
  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    const { 'content-type': type = '', 'content-length': length } = headers;
    this.#response.writeHead(status, {
      'Content-Type': type,
      ...(length === undefined ? {} : { 'Content-Length': length }),
    });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#response.write(chunk);
  }

  onResponseEnd(): void {
    this.#response.end();
  }

  onResponseError(): void {
    if (!this.#response.headersSent) this.#response.writeHead(502);
    this.#response.end();
  }
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { accept = '' } = request.headers;
    pool.dispatch(
      {
        method: 'POST',
        path: behind.pathname,
        headers: { 'content-type': 'application/json', accept },
        body: Buffer.concat(chunks),
      },
      new Relayed(response),
    );
  });
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});
