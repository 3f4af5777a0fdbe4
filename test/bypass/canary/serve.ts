import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Canary } from './canary.ts';
import { bodyOf } from './lenient-body.ts';
import { serveSession, Sessions } from './http-sessions.ts';
import { isStateless, serveStateless } from './http-stateless.ts';
import type { Journal } from './journal.ts';
import { CANARIES, type CanaryName } from './world.ts';

export interface ServedCanaries {
  /** Where each canary is, for the gateway's configuration. */
  readonly urls: Readonly<Record<CanaryName, string>>;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly host?: string;
  /** Any free one by default. */
  readonly port?: number;
  /** Which of them also serve the revision without sessions; by default the neighbour. */
  readonly stateless?: readonly CanaryName[];
}

interface Place {
  readonly canary: Canary;
  readonly sessions: Sessions;
}

/** Serves both canaries over Streamable HTTP. */
export async function serveCanaries(
  journal: Journal,
  { host = '127.0.0.1', port = 0, stateless = ['neighbour'] }: ServeOptions = {},
): Promise<ServedCanaries> {
  const places = new Map<string, Place>(
    CANARIES.map((name) => {
      const canary = new Canary(name, journal);
      return [`/${name}`, { canary, sessions: new Sessions(canary) }];
    }),
  );
  const answer = async (
    { canary, sessions }: Place,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const body = await bodyOf(request);
    if (stateless.includes(canary.name) && isStateless(request, body)) {
      await serveStateless(canary, request, response, body);
    } else serveSession(sessions, request, response, body);
  };
  const server = createServer((request, response) => {
    const place = places.get(request.url ?? '');
    if (place === undefined) return void response.writeHead(404).end();
    void answer(place, request, response);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, host, done);
  });
  const { port: bound } = server.address() as AddressInfo;
  const at = (name: CanaryName): string => `http://${host}:${bound}/${name}`;
  return { urls: { canary: at('canary'), neighbour: at('neighbour') }, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  const ended = new Promise<void>((done) => server.close(() => done()));
  // From now on nobody gets in, so this reaches the last of them.
  server.closeAllConnections();
  return ended;
}
