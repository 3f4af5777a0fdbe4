import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setImmediate as breath } from 'node:timers/promises';

/** Sends each message as a datagram (RFC 5426). Rejects where this machine could not send one, or the collector's says that nobody listens. */
export async function sendDatagrams(
  { host, port }: { readonly host: string; readonly port: number },
  lines: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { address, family } = isIP(host) === 0 ? await lookup(host) : { address: host, family: isIP(host) };
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  const { promise: broken, reject } = Promise.withResolvers<never>();
  broken.catch(() => {});
  socket.on('error', reject);
  try {
    await Promise.race([connected(socket, port, address), broken]);
    for (const line of lines) {
      signal.throwIfAborted();
      await Promise.race([sent(socket, line), broken]);
    }
    // A refusal of the last one comes a moment later.
    await Promise.race([breath(), broken]);
  } finally {
    socket.close();
  }
}

function connected(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((done) => socket.connect(port, address, () => done()));
}

function sent(socket: Socket, line: string): Promise<void> {
  return new Promise((done, fail) => {
    socket.send(line, (error) => (error === null ? done() : fail(error)));
  });
}
