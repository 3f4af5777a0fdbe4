import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What happens to the connection over which the next COMMIT is sent. */
export type Fault =
  /** It breaks before the server has seen it. */
  | 'before'
  /** It breaks when the server has got it. */
  | 'sent'
  /** It breaks when the server has answered, before the answer is there. */
  | 'answered'
  /** From then on nothing arrives any more, and nothing says so. */
  | 'silent';

/** A way to a server on which connections break at the worst moment. */
export interface Proxy {
  readonly dsn: string;
  /** Lets the next COMMIT go wrong; resolves when it has. */
  fail(fault: Fault): Promise<void>;
}

/** COMMIT as a simple query (the frontend/backend protocol, section 55.7). */
const COMMIT = Buffer.from('Q\0\0\0\x0bCOMMIT\0', 'latin1');

export async function startProxy(dsn: string): Promise<Proxy> {
  const target = new URL(dsn);
  const sockets = new Set<Socket>();
  let planned: { readonly fault: Fault; readonly done: () => void } | undefined;

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let hit: Fault | undefined;
    const breakOff = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', breakOff);
      socket.on('close', breakOff);
    }
    client.on('data', (chunk: Buffer) => {
      if (planned !== undefined && hit === undefined && chunk.includes(COMMIT)) {
        hit = planned.fault;
        planned.done();
        planned = undefined;
        if (hit === 'before') return breakOff();
        if (hit === 'sent') upstream.write(chunk, breakOff);
        else upstream.write(chunk);
      } else if (hit === undefined) {
        upstream.write(chunk);
      }
    });
    upstream.on('data', (chunk: Buffer) => {
      if (hit === 'answered') {
        if (chunk.includes('COMMIT\0')) breakOff();
      } else if (hit === undefined) {
        client.write(chunk);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const through = new URL(dsn);
  through.port = String((server.address() as AddressInfo).port);
  return {
    dsn: through.href,
    fail: (fault) =>
      new Promise((done) => {
        planned = { fault, done };
      }),
  };
}
