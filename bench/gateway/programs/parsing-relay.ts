// The floor of a gateway that looks into calls: the relay, and each message is read, given an id of our own and printed
// anew, and so is its answer, with the id that it came under. Nothing is checked. Its argument is the URL behind.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dispatcher, Pool } from 'undici';

const behind = new URL(process.argv[2] ?? '');
const pool = new Pool(behind.origin, { connections: 256 });

type Message = Record<string, unknown>;

class Parsed implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  readonly #id: unknown;
  readonly #chunks: Buffer[] = [];
  #status = 502;
  #type = '';

  /** `id` is undefined for what is answered without a body. */
  constructor(response: ServerResponse, id: unknown) {
    this.#response = response;
    this.#id = id;
  }

  // undici asks for it.
  onRequestStart(): void {}

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    { 'content-type': type }: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#type = String(type);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#id === undefined) {
      this.#response.writeHead(this.#status).end();
      return;
    }
    const message = JSON.parse(Buffer.concat(this.#chunks).toString()) as Message;
    message['id'] = this.#id;
    const text = JSON.stringify(message);
    const length = Buffer.byteLength(text);
    this.#response.writeHead(this.#status, { 'Content-Type': this.#type, 'Content-Length': length });
    this.#response.end(text);
  }

  onResponseError(): void {
    this.#response.writeHead(502).end();
  }
}

let sent = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { accept = '' } = request.headers;
    const message = JSON.parse(Buffer.concat(chunks).toString()) as Message;
    const { id } = message;
    if (id !== undefined) message['id'] = ++sent;
    pool.dispatch(
      {
        method: 'POST',
        path: behind.pathname,
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify(message),
      },
      new Parsed(response, id),
    );
  });
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});
