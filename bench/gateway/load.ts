import { Client } from 'undici';

export interface Target {
  readonly url: string;
  readonly token?: string;
}

export interface Load {
  readonly calls: number;
  readonly seconds: number;
  /** Milliseconds, sorted. */
  readonly latencies: Float64Array;
}

const FORBIDDEN_EVERY = 50;

/**
 * Keeps `concurrency` connections busy for a while, each with its own session and one call in
 * flight. Every call has its own id and arguments; every fiftieth is one that policy forbids, and
 * its text must not come through.
 */
export async function applyLoad(
  target: Target,
  concurrency: number,
  milliseconds: number,
  forbids: boolean,
): Promise<Load> {
  const latencies: number[] = [];
  const connections = await Promise.all(Array.from({ length: concurrency }, () => connect(target)));
  const started = performance.now();
  const until = started + milliseconds;
  let next = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < until) {
        const n = ++next;
        const forbidden = n % FORBIDDEN_EVERY === 0;
        const sent = performance.now();
        const text = await call(connection, n, forbidden ? 'forbidden' : 'echo');
        latencies.push(performance.now() - sent);
        const leaked = text.includes('LEAKED');
        const executed = text.includes('xxxx');
        if (forbidden ? leaked === forbids : !executed) {
          throw new Error(`call ${n} was not answered as it must be: ${text.slice(0, 300)}`);
        }
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(connections.map(({ client }) => client.close()));
  return { calls: latencies.length, seconds, latencies: Float64Array.from(latencies).sort() };
}

interface Connection {
  readonly client: Client;
  readonly path: string;
  readonly headers: Record<string, string>;
}

async function connect(target: Target): Promise<Connection> {
  const url = new URL(target.url);
  const client = new Client(url.origin);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
  };
  const answer = await post(
    { client, path: url.pathname, headers },
    {
      jsonrpc: '2.0',
      id: 'init',
      method: 'initialize',
      params: {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'bench', version: '1' },
      },
    },
  );
  const session = answer.headers['mcp-session-id'];
  if (typeof session === 'string') headers['mcp-session-id'] = session;
  headers['mcp-protocol-version'] = '2025-11-25';
  const connection = { client, path: url.pathname, headers };
  await post(connection, { jsonrpc: '2.0', method: 'notifications/initialized' });
  return connection;
}

async function call(connection: Connection, n: number, name: string): Promise<string> {
  const path = `/srv/data/${n}/report.csv`;
  const params = { name, arguments: { n, path, note: 'an ordinary argument of ordinary length' } };
  const { text } = await post(connection, { jsonrpc: '2.0', id: n, method: 'tools/call', params });
  return text;
}

async function post({ client, path, headers }: Connection, message: unknown) {
  const response = await client.request({ method: 'POST', path, headers, body: JSON.stringify(message) });
  return { headers: response.headers, text: await response.body.text() };
}
