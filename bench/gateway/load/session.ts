import { Client } from 'undici';
import { type Control, type Call, faultOf, messageOf } from './traffic.ts';

/** Where calls are sent, and what must become of them. */
export interface Endpoint {
  readonly name: string;
  readonly url: string;
  readonly token?: string;
  readonly control: Control;
  /** How many ordinary tools are behind it. */
  readonly tools: number;
  /** How many calls were sent to it. */
  readonly tally: { calls: number };
}

const REVISION = '2025-11-25';

/** One client of an endpoint: one connection, one MCP session, one call at a time. */
export class Session {
  readonly #endpoint: Endpoint;
  readonly #client: Client;
  readonly #path: string;
  readonly #headers: Record<string, string>;

  private constructor(endpoint: Endpoint) {
    const { origin, pathname } = new URL(endpoint.url);
    this.#endpoint = endpoint;
    this.#client = new Client(origin);
    this.#path = pathname;
    this.#headers = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(endpoint.token === undefined ? {} : { authorization: `Bearer ${endpoint.token}` }),
    };
  }

  static async open(endpoint: Endpoint): Promise<Session> {
    const session = new Session(endpoint);
    const params = {
      protocolVersion: REVISION,
      capabilities: {},
      clientInfo: { name: 'bench', version: '1.0.0' },
    };
    const message = { jsonrpc: '2.0', id: 'initialize', method: 'initialize', params };
    const { headers, text } = await session.#post(JSON.stringify(message));
    if (!text.includes('"serverInfo"')) throw new Error(`${endpoint.name} opened no session: ${text}`);
    const id = headers['mcp-session-id'];
    if (typeof id === 'string') session.#headers['mcp-session-id'] = id;
    session.#headers['mcp-protocol-version'] = REVISION;
    await session.#post('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    return session;
  }

  /** Rejects when the answer is not the one that the call must get. */
  async call(call: Call): Promise<void> {
    const { name, control, tools, tally } = this.#endpoint;
    tally.calls += 1;
    const { text } = await this.#post(messageOf(call, tools));
    const fault = faultOf(call, control, text);
    if (fault === undefined) return;
    throw new Error(`${name}, ${call.kind} call ${call.n}: ${fault}: ${text.slice(0, 400)}`);
  }

  /** How many forbidden and suspicious calls reached the server behind, as it says itself. */
  async executed(): Promise<{ readonly forbidden: number; readonly suspicious: number }> {
    const params = { name: 'executed', arguments: { n: 0 } };
    const message = { jsonrpc: '2.0', id: 'executed', method: 'tools/call', params };
    this.#endpoint.tally.calls += 1;
    const { text } = await this.#post(JSON.stringify(message));
    const match = /forbidden=(\d+) suspicious=(\d+)/.exec(text);
    if (match === null) throw new Error(`${this.#endpoint.name} does not say what was executed: ${text}`);
    return { forbidden: Number(match[1]), suspicious: Number(match[2]) };
  }

  async close(): Promise<void> {
    if ('mcp-session-id' in this.#headers) {
      const response = await this.#client.request({
        method: 'DELETE',
        path: this.#path,
        headers: this.#headers,
      });
      await response.body.dump();
    }
    await this.#client.close();
  }

  async #post(body: string) {
    const { body: answer, headers } = await this.#client.request({
      method: 'POST',
      path: this.#path,
      headers: this.#headers,
      body,
    });
    return { headers, text: await answer.text() };
  }
}
