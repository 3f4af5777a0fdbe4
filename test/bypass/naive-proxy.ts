// What the suite must see: a proxy with a guard that makes the mistakes, all of them.
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CREDENTIAL_HEADER, credentialOf, type CanaryName } from './canary/world.ts';

export interface NaiveProxy {
  readonly url: URL;
  close(): Promise<void>;
}

const DENIED: ReadonlySet<string> = new Set(['secret_note', 'secret_neighbour']);
const LARGE = 64 * 1024;

/** Passes everything on to the canaries but what it believes to be a forbidden call. */
export async function openNaiveProxy(
  urls: Readonly<Record<CanaryName, string>>,
  token: string,
  { passesTokens = false }: { readonly passesTokens?: boolean } = {},
): Promise<NaiveProxy> {
  const verdicts = new Map<string, boolean>();
  const approvals = new Set<string>();
  const relayed: string[] = [];

  /** Judges by the first name in the text, once for each id. */
  const permits = ({ method, headers }: IncomingMessage, text: string): boolean => {
    if (method !== 'POST' || headers['content-type'] !== 'application/json' || text.length > LARGE)
      return true;
    if (/"(?:result|error)":/.test(text)) return true;
    const id = /"id":("[^"]*"|\d+)/.exec(text)?.[1];
    if (id === undefined || verdicts.get(id) === true) return true;
    const session = headers['mcp-session-id'];
    const byHeader = headers['mcp-protocol-version'] === '2026-07-28';
    const called = byHeader ? headers['mcp-method'] : /"method":"([^"]*)"/.exec(text)?.[1];
    const name = String(byHeader ? headers['mcp-name'] : /"name":"([^"]*)"/.exec(text)?.[1]);
    if (called !== 'tools/call' || (name === 'call_tool' && session !== '')) return true;
    const held = name === 'held_note' && !approvals.has(name);
    if (held) approvals.add(name);
    const permitted = !held && !DENIED.has(name);
    verdicts.set(id, permitted);
    return permitted;
  };

  const server = createServer((request, response) => {
    const opening = request.url === '/mcp' && request.headers['mcp-session-id'] === undefined;
    if (opening && request.headers.authorization !== `Bearer ${token}`)
      return void response.writeHead(401).end();
    // Sessions are the server's affair, and it is not told.
    if (request.method === 'DELETE') return void response.writeHead(200).end();
    const { 'last-event-id': last } = request.headers;
    if (last !== undefined) return void response.writeHead(200).end(relayed.join('\n'));
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const text = body.toString();
      if (permits(request, text)) return relay(request, response, composed(text, body));
      const id: unknown = JSON.parse(/"id":("[^"]*"|\d+)/.exec(text)?.[1] ?? 'null');
      const error = { code: -32000, message: 'denied' };
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
    });
  });

  function relay(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const { url = '', method, headers } = request;
    if (!/mcp/i.test(url)) return void response.writeHead(404).end();
    const name =
      /plain_note|later_note|secret_neighbour|secret_prompt|neighbour:/.test(body.toString()) &&
      headers['mcp-session-id'] === undefined
        ? 'neighbour'
        : 'canary';
    const { 'content-length': _, 'transfer-encoding': __, authorization, ...kept } = headers;
    const bearer = passesTokens && authorization !== undefined ? { authorization } : {};
    const passed = {
      ...kept,
      ...bearer,
      [CREDENTIAL_HEADER]: credentialOf(name),
      'content-length': body.length,
    };
    const upstream = send(urls[name], { method, headers: passed }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
      answer.on('data', (chunk: Buffer) => relayed.push(chunk.toString()));
      answer.pipe(response);
    });
    response.on('close', () => upstream.destroy());
    upstream.on('error', () => response.destroy());
    upstream.end(body);
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/mcp`),
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}

/** A tool of its own, which calls another one. */
function composed(text: string, body: Buffer): Buffer {
  if (!text.includes('"name":"call_tool"')) return body;
  const { params, ...rest } = JSON.parse(text) as { params: { arguments: object } };
  return Buffer.from(JSON.stringify({ ...rest, params: { ...params, ...params.arguments } }));
}
