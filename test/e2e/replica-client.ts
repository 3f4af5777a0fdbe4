// A client without stickiness: each request of its session goes to the process that it is told.
export interface Reply {
  readonly status: number;
  readonly body: {
    readonly result?: { readonly isError?: boolean; readonly [member: string]: unknown };
    readonly error?: { readonly code: number; readonly message: string };
  };
}

export class WanderingClient {
  readonly #token: string;
  /** The id that it was given. */
  session: string | undefined;
  #next = 0;

  constructor(token: string) {
    this.#token = token;
  }

  async initialize(url: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: { roots: { listChanged: true } },
      clientInfo: { name: 'wandering', version: '1' },
    };
    const { status, headers } = await this.#post(url, 'initialize', params, more);
    this.session = headers.get('mcp-session-id') ?? undefined;
    if (status !== 200 || this.session === undefined) throw new Error(`initialize: ${status}`);
  }

  async ask(url: string, method: string, params: object = {}): Promise<Reply> {
    const response = await this.#post(url, method, params);
    const text = await response.text();
    // An answer that took its time is a stream of events.
    const json = text.startsWith('{') ? text : (/^data: (\{.*)$/m.exec(text)?.[1] ?? '{}');
    return { status: response.status, body: JSON.parse(json) as Reply['body'] };
  }

  call(url: string, name: string, args: object): Promise<Reply> {
    return this.ask(url, 'tools/call', { name, arguments: args });
  }

  #post(url: string, method: string, params: object, more: object = {}): Promise<Response> {
    return fetch(url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${this.#token}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...more,
        ...(this.session === undefined
          ? {}
          : { 'Mcp-Session-Id': this.session, 'MCP-Protocol-Version': '2025-06-18' }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: ++this.#next, method, params }),
    });
  }
}
