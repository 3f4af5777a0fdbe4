// A client that can leave in every rude way: no library closes its connections for it.
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';

export const SESSIONS = '2025-11-25';
export const SESSIONLESS = '2026-07-28';

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** One client with connections of its own, until it leaves. */
export class Visitor {
  readonly #url: URL;
  readonly #token: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #open = new Set<ClientRequest>();
  #session: string | undefined;
  #ids = 0;

  constructor(url: string, token: string) {
    this.#url = new URL(url);
    this.#token = token;
  }

  /** Opens a session (MCP until 2025-11-25). */
  async open(): Promise<void> {
    const reply = await this.#post('initialize', {
      protocolVersion: SESSIONS,
      capabilities: {},
      clientInfo: { name: 'visitor', version: '1' },
    });
    const id = reply.headers['mcp-session-id'];
    if (typeof id !== 'string') throw new Error(`no session: ${reply.status} ${reply.body}`);
    this.#session = id;
    await this.#post('notifications/initialized', undefined, false);
  }

  /** The text of a tool's answer. */
  async call(tool: string): Promise<string> {
    const { body } = await this.#post('tools/call', { name: tool, arguments: { n: this.#ids } });
    return textIn(body);
  }

  /** The same without a session (MCP 2026-07-28). */
  async callAlone(tool: string): Promise<string> {
    // All of them belong to one run, in which the same call is not made for ever.
    const args = { n: ++callsAlone };
    const { body } = await this.#post('tools/call', { name: tool, arguments: args, _meta: META }, true, {
      'MCP-Protocol-Version': SESSIONLESS,
      'Mcp-Method': 'tools/call',
      'Mcp-Name': tool,
    });
    return textIn(body);
  }

  /** Calls, and waits for nothing. */
  callAndForget(tool: string): void {
    this.call(tool).catch(() => {});
  }

  /** Opens the stream for what belongs to no request, and reads until one of both ends it. */
  listen(): Promise<void> {
    return this.#stream('GET', undefined, { Accept: 'text/event-stream' });
  }

  listenAlone(): Promise<void> {
    const body = this.#message('subscriptions/listen', {
      notifications: { toolsListChanged: true },
      _meta: META,
    });
    return this.#stream('POST', body, {
      'MCP-Protocol-Version': SESSIONLESS,
      'Mcp-Method': 'subscriptions/listen',
    });
  }

  /** Opens the two endpoints of 2024-11-05 and a session over them, and makes one call. */
  async visitPair(tool: string): Promise<void> {
    const place = new URL(this.#url);
    place.pathname = place.pathname.replace(/mcp$/, 'sse');
    const stream = this.#request('GET', place, { Accept: 'text/event-stream' });
    const events = await eventsOf(stream);
    const messages = new URL(await events.next('endpoint'), place);
    const send = async (text: string): Promise<void> => {
      const posting = this.#request('POST', messages, { 'Content-Type': 'application/json' });
      posting.end(text);
      await textOf(await answerTo(posting));
    };
    await send(
      this.#message('initialize', {
        protocolVersion: '2024-11-05',
        capabilities: {},
        clientInfo: { name: 'visitor', version: '1' },
      }),
    );
    await events.next('message');
    await send(this.#message('tools/call', { name: tool, arguments: {} }));
    await events.next('message');
  }

  /** Says goodbye. */
  async leave(): Promise<void> {
    if (this.#session !== undefined) {
      const ending = this.#request('DELETE', this.#url, {});
      ending.end();
      const { status } = await answered(ending);
      if (status !== 204) throw new Error(`the session was not ended: ${status}`);
    }
    this.vanish();
  }

  /** Is gone, with everything that was under way. */
  vanish(): void {
    for (const one of this.#open) one.destroy();
    this.#agent.destroy();
  }

  #post(
    method: string,
    params: unknown,
    isRequest = true,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const posting = this.#request('POST', this.#url, { 'Content-Type': 'application/json', ...headers });
    posting.end(this.#message(method, params, isRequest));
    return answered(posting);
  }

  #message(method: string, params: unknown, isRequest = true): string {
    const id = isRequest ? { id: ++this.#ids } : {};
    return JSON.stringify({ jsonrpc: '2.0', ...id, method, params });
  }

  async #stream(
    method: string,
    body: string | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<void> {
    const streaming = this.#request(method, this.#url, { 'Content-Type': 'application/json', ...headers });
    streaming.end(body);
    const response = await answerTo(streaming);
    if (response.statusCode !== 200) throw new Error(`no stream: ${response.statusCode}`);
    response.on('error', () => {});
    response.resume();
  }

  #request(method: string, url: URL, headers: Readonly<Record<string, string>>): ClientRequest {
    const session = this.#session;
    const one = request(url, {
      method,
      agent: this.#agent,
      headers: {
        Accept: 'application/json, text/event-stream',
        Authorization: `Bearer ${this.#token}`,
        ...(session === undefined ? {} : { 'Mcp-Session-Id': session }),
        ...headers,
      },
    });
    this.#open.add(one);
    one.once('close', () => this.#open.delete(one));
    one.on('error', () => {});
    return one;
  }
}

let callsAlone = 0;

const META = {
  'io.modelcontextprotocol/protocolVersion': SESSIONLESS,
  'io.modelcontextprotocol/clientInfo': { name: 'visitor', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

function answerTo(one: ClientRequest): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    one.once('response', done);
    one.once('error', fail);
    one.once('close', () => fail(new Error('nobody answered')));
  });
}

async function answered(one: ClientRequest): Promise<Reply> {
  const response = await answerTo(one);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: await textOf(response),
  };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

function textIn(body: string): string {
  return /"text":"(\w+)"/.exec(body)?.[1] ?? body;
}

/** The data of the events of a stream, in order. */
async function eventsOf(one: ClientRequest): Promise<{ next(event: string): Promise<string> }> {
  one.end();
  const response = await answerTo(one);
  const events: { readonly event: string; readonly data: string }[] = [];
  let text = '';
  let wake = (): void => {};
  response.on('error', () => wake());
  response.on('close', () => wake());
  response.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) events.push({ event: /^event: (.*)$/m.exec(block)?.[1] ?? 'message', data });
    }
    wake();
  });
  return {
    next: async (event) => {
      while (events.length === 0 && !response.destroyed) {
        await new Promise<void>((done) => {
          wake = done;
        });
      }
      const first = events.shift();
      if (first?.event !== event) throw new Error(`wanted ${event}, got ${JSON.stringify(first)}`);
      return first.data;
    },
  };
}
