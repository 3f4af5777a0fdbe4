import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Catalogue } from '../../src/gateway/catalogue/catalogue.ts';
import type { HttpDefinition, StdioDefinition } from '../../src/gateway/upstream/definition.ts';
import { HttpUpstream } from '../../src/gateway/upstream/http/upstream.ts';
import { createReaper } from '../../src/gateway/upstream/stdio/reaper.ts';
import { StdioUpstream } from '../../src/gateway/upstream/stdio/upstream.ts';
import type { SecretStore } from '../../src/ports.ts';
import { createSecretStore } from '../../src/vault/secrets.ts';
import { createLibraryServer } from './servers/library.ts';

/** Starts every server, and fails unless all of them come up. */
export async function startAll(catalogue: Catalogue): Promise<void> {
  for (const { name, problem } of await catalogue.start(10_000)) {
    if (problem !== undefined) throw new Error(`${name}: ${problem}`);
  }
}

export const LIMITS = { timeoutMs: 5_000, maxOutputBytes: 1024 * 1024 };
export const CLIENT = { name: 'aegis', version: '0.0.0' };

/** A credential that no test may ever see in front of the gateway. */
export const CREDENTIAL = 'sk-upstream-5f2d8c41b7';

export const secrets: SecretStore = createSecretStore({
  environment: { UPSTREAM_TOKEN: `Bearer ${CREDENTIAL}`, CHILD_TOKEN: CREDENTIAL },
  directory: '/',
});

/** What servers asked and nobody was asked, as `server method`. */
export const refusedRequests: string[] = [];
export const refused = (server: string, method: string): void => {
  refusedRequests.push(`${server} ${method}`);
};

const ports = { secrets, client: CLIENT, path: process.env['PATH'], reaper: createReaper(), refused };

export const serverFile = (name: string): string =>
  fileURLToPath(new URL(`servers/${name}.ts`, import.meta.url));

/** A child that runs the scripted server with the given flags. */
export function scripted(
  name: string,
  flags: readonly string[],
  more: Partial<StdioDefinition> = {},
): StdioUpstream {
  return stdio({ name, command: [process.execPath, serverFile('scripted'), ...flags], ...more });
}

export function stdio(
  definition: Omit<StdioDefinition, 'kind' | 'env'> & Partial<StdioDefinition>,
): StdioUpstream {
  return new StdioUpstream({ env: {}, ...definition, kind: 'stdio' }, ports);
}

export function http(definition: Pick<HttpDefinition, 'url'> & Partial<HttpDefinition>): HttpUpstream {
  return new HttpUpstream(
    { name: 'remote', headers: {}, maxConcurrency: 4, ...definition, kind: 'http' },
    ports,
  );
}

export interface RunningServer {
  readonly url: string;
  readonly requests: IncomingMessage[];
  /** Forgets every session, as a restart does. */
  forget(): void;
  close(): Promise<void>;
}

/** An HTTP upstream built with the official library, on a port of its own, with sessions. */
export async function libraryOverHttp(
  name: string,
  options: { readonly json?: boolean; readonly port?: number } = {},
): Promise<RunningServer> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const requests: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    requests.push(request);
    const id = request.headers['mcp-session-id'];
    let transport = typeof id === 'string' ? sessions.get(id) : undefined;
    if (id !== undefined && transport === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (transport === undefined) {
      const fresh = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        enableJsonResponse: options.json ?? false,
        onsessioninitialized: (given) => void sessions.set(given, fresh),
      });
      await createLibraryServer(name).connect(
        fresh as Parameters<ReturnType<typeof createLibraryServer>['connect']>[0],
      );
      transport = fresh;
    }
    await transport.handleRequest(request, response);
  });
  const url = `${await listen(server, options.port)}/mcp`;
  return { url, requests, forget: () => sessions.clear(), close: () => stop(server) };
}

export async function listen(server: Server, port = 0): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a condition holds; fails when it never does. */
export async function until(what: string, holds: () => boolean, withinMs = 10_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`it never came true that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function textOf(result: unknown): string {
  return (result as { content: { text: string }[] }).content[0]?.text ?? '';
}
