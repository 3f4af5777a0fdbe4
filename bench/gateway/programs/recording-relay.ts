// The floor of a gateway that records: the relay, and five events of each call, three of them durable before it is sent
// and two before its answer is. Arguments: the URL behind, and the file of the ledger; without it nothing is written.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import { PlainLedger } from './plain-ledger.ts';

const behind = new URL(process.argv[2] ?? '');
const pool = new Pool(behind.origin, { connections: 256 });
const ledger = new PlainLedger(process.argv[3]);

interface Message {
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly arguments?: object };
}

class Recorded implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  readonly #call: string | undefined;
  readonly #chunks: Buffer[] = [];
  #status = 502;
  #type = '';

  /** `call` is undefined for what is no call of a tool. */
  constructor(response: ServerResponse, call: string | undefined) {
    this.#response = response;
    this.#call = call;
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
    const body = Buffer.concat(this.#chunks);
    if (this.#call === undefined) return this.#answer(body);
    const { result } = JSON.parse(body.toString()) as { readonly result?: object };
    const executed = ledger.seal('TOOL_CALL_EXECUTED', { call_id: this.#call, upstream: 'result' });
    const ended = ledger.seal('TOOL_RESULT', { call_id: this.#call, outcome: 'executed' }, result);
    ledger.append([executed, ended], () => this.#answer(body));
  }

  onResponseError(): void {
    this.#response.writeHead(502).end();
  }

  #answer(body: Buffer): void {
    this.#response.writeHead(this.#status, { 'Content-Type': this.#type, 'Content-Length': body.length });
    this.#response.end(body);
  }
}

let calls = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { accept = '' } = request.headers;
    const body = Buffer.concat(chunks);
    const { method, params = {} } = JSON.parse(body.toString()) as Message;
    const call = method === 'tools/call' ? `call_${String(calls++).padStart(32, '0')}` : undefined;
    const send = (): void => {
      const headers = { 'content-type': 'application/json', accept };
      const options = { method: 'POST', path: behind.pathname, headers, body } as const;
      pool.dispatch(options, new Recorded(response, call));
    };
    if (call === undefined) return send();
    const proposed = { call_id: call, name: params.name, method };
    ledger.append(
      [
        ledger.seal('TOOL_CALL_PROPOSED', proposed, params.arguments),
        ledger.seal('POLICY_DECISION', { call_id: call, effect: 'allow', rule: 'reports' }),
        ledger.seal('TOOL_CALL_ALLOWED', { call_id: call, decision: 'allow' }),
      ],
      send,
    );
  });
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`);
});
