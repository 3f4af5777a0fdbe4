import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { isJsonObject, type JsonObject } from '@aegis/core';
import { createUpstream } from '../../src/gateway/upstream/create.ts';
import type {
  HttpDefinition,
  StdioDefinition,
  UpstreamDefinition,
} from '../../src/gateway/upstream/definition.ts';
import { createReaper } from '../../src/gateway/upstream/stdio/reaper.ts';
import type { UpstreamServer } from '../../src/gateway/upstream/server.ts';
import type { UpstreamError, UpstreamReply } from '../../src/ports.ts';
import { createModernLibraryServer, World } from './servers/modern-library.ts';
import { CLIENT, listen, refused, secrets, stop } from './upstreams.ts';

export const ports = { secrets, client: CLIENT, path: process.env['PATH'], reaper: createReaper(), refused };

export function upstreamOf(definition: UpstreamDefinition): UpstreamServer {
  return createUpstream(definition, ports);
}

export const httpDefinition = (url: string, more: Partial<HttpDefinition> = {}): HttpDefinition => ({
  kind: 'http',
  name: 'remote',
  url,
  headers: {},
  maxConcurrency: 4,
  ...more,
});

export const stdioDefinition = (
  file: string,
  flags: readonly string[] = [],
  more: Partial<StdioDefinition> = {},
): StdioDefinition => ({
  kind: 'stdio',
  name: 'child',
  command: [process.execPath, file, ...flags],
  env: {},
  ...more,
});

export interface Running {
  readonly url: string;
  readonly requests: IncomingMessage[];
  readonly world: World;
  close(): Promise<void>;
}

/** The library's server of the stateless revision over HTTP, on a port of its own. */
export async function modernLibraryOverHttp(
  legacy: 'stateless' | 'reject' = 'reject',
  port = 0,
): Promise<Running> {
  const world = new World();
  const requests: IncomingMessage[] = [];
  const handler = createMcpHandler(() => createModernLibraryServer(world), { legacy });
  world.notifier = handler.notify;
  const handle = toNodeHandler(handler);
  const server = createServer((request, response) => {
    requests.push(request);
    void handle(request as Parameters<typeof handle>[0], response);
  });
  return {
    url: `${await listen(server, port)}/mcp`,
    requests,
    world,
    close: async () => {
      await handler.close();
      await stop(server);
    },
  };
}

export interface Posted {
  readonly id: number | string;
  readonly method: string;
  readonly params: JsonObject;
}

export interface Handmade {
  readonly url: string;
  readonly posted: Posted[];
  readonly requests: IncomingMessage[];
}

export type Answer = (message: Posted, response: ServerResponse, request: IncomingMessage) => void;

/** A hand-written server that describes itself well, unless `answer` has its own way with `server/discover`. */
export async function handmadeModern(
  answer: Partial<Record<string, Answer>>,
  cleanups: (() => Promise<void>)[],
  capabilities: JsonObject = { tools: {} },
): Promise<Handmade> {
  const posted: Posted[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    requests.push(request);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const message = JSON.parse(Buffer.concat(chunks).toString()) as Posted;
    posted.push(message);
    const own = answer[message.method];
    if (own !== undefined) return own(message, response, request);
    if (message.method !== 'server/discover')
      return error(response, message.id, -32601, 'no such method', 404);
    result(response, message.id, {
      resultType: 'complete',
      supportedVersions: ['2026-07-28'],
      capabilities,
      ttlMs: 0,
      cacheScope: 'private',
    });
  });
  cleanups.push(() => stop(server));
  return { url: `${await listen(server)}/mcp`, posted, requests };
}

export function result(response: ServerResponse, id: unknown, value: unknown, status = 200): void {
  json(response, { jsonrpc: '2.0', id, result: value }, status);
}

export function error(
  response: ServerResponse,
  id: unknown,
  code: number,
  message: string,
  status = 200,
  data?: unknown,
): void {
  json(response, { jsonrpc: '2.0', id, error: { code, message, data } }, status);
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}

export function events(response: ServerResponse): (value: unknown) => void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.flushHeaders();
  return (value) => void response.write(`data: ${JSON.stringify(value)}\n\n`);
}

export async function resultOf(reply: Promise<UpstreamReply>): Promise<JsonObject> {
  const answered = await reply;
  if (answered.kind === 'error') throw new Error(`error ${answered.code}: ${answered.message}`);
  return answered.result;
}

export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (reason: UpstreamError) => reason.failure,
  );

export function textOfFirst(given: JsonObject): string {
  const content = given['content'];
  const first: unknown = Array.isArray(content) ? content[0] : undefined;
  return isJsonObject(first) && typeof first['text'] === 'string' ? first['text'] : '';
}
