// Requests as clients without sessions make them.
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import type { JsonObject } from '@aegis/core';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The last message of the answer, whether it came alone or on a stream. */
  readonly json: {
    readonly id?: unknown;
    readonly result?: Record<string, unknown>;
    readonly error?: {
      readonly code: number;
      readonly message: string;
      readonly data?: Record<string, unknown>;
    };
  };
  /** What came before it. */
  readonly notices: readonly { readonly method: string; readonly params: Record<string, unknown> }[];
}

export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

const META = 'io.modelcontextprotocol/';
export const ALL_CAPABILITIES = { elicitation: { form: {} }, sampling: {}, roots: {} };

/** Parameters with the `_meta` that every request has. */
export function withMeta(params: JsonObject = {}, meta: JsonObject = {}): JsonObject {
  return {
    ...params,
    _meta: {
      [`${META}protocolVersion`]: '2026-07-28',
      [`${META}clientInfo`]: { name: 'raw', version: '0' },
      [`${META}clientCapabilities`]: {},
      ...meta,
    },
  };
}

export function declaring(capabilities: JsonObject): JsonObject {
  return { [`${META}clientCapabilities`]: capabilities };
}

/** One POST as it stands: nothing is added but what HTTP itself needs. */
export function post(url: string, body: string, headers: Headers, signal?: AbortSignal): Promise<Answer> {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().flatMap((one) => [name, one]),
  );
  lines.push('Host', new URL(url).host, 'Content-Length', String(Buffer.byteLength(body)));
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      { method: 'POST', headers: lines, ...(signal ? { signal } : {}) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const events = response.headers['content-type'] === 'text/event-stream';
          const messages = (events ? text.split('\n').filter((line) => line.startsWith('data: ')) : [text])
            .map((line) => line.replace(/^data: /, ''))
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line));
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: messages.at(-1) ?? {},
            notices: messages.slice(0, -1),
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** The headers that belong to a request. */
export function headersOf(method: string, params: JsonObject): Record<string, string> {
  const name = params['name'] ?? params['uri'];
  return {
    Authorization: 'Bearer alice',
    'Content-Type': 'application/json',
    Accept: 'application/json, text/event-stream',
    'MCP-Protocol-Version': '2026-07-28',
    'Mcp-Method': method,
    ...(typeof name === 'string' && method !== 'completion/complete' ? { 'Mcp-Name': name } : {}),
  };
}

/** One well-formed request, but for the headers that are given. */
export function ask(
  url: string,
  method: string,
  params: JsonObject = {},
  options: {
    readonly headers?: Headers;
    readonly meta?: JsonObject;
    readonly id?: unknown;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Answer> {
  const { headers = {}, meta = {}, id = 1, signal } = options;
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: withMeta(params, meta) });
  return post(url, body, { ...headersOf(method, params), ...headers }, signal);
}
