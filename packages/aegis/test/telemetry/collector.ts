import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { onTestFinished } from 'vitest';

export interface RunningCollector {
  readonly port: number;
  /** The messages whose octets were all read. */
  readonly messages: string[];
  /** What stood there in place of a message. */
  readonly garbage: string[];
  readonly connections: () => number;
}

/**
 * A syslog collector that counts octets (RFC 6587, section 3.4.1). `hold` may cut a connection short: it is given each socket
 * with the number of connections so far, before anything is read.
 */
export async function collector(
  tls?: { readonly key: string; readonly cert: string },
  hold: (socket: Socket, connection: number) => boolean = () => false,
): Promise<RunningCollector> {
  const messages: string[] = [];
  const garbage: string[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const serve = (socket: Socket): void => {
    open.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => open.delete(socket));
    if (hold(socket, ++connections)) return;
    let read = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      for (;;) {
        const [head, length = ''] = /^([1-9]\d*) /.exec(read.subarray(0, 12).toString('latin1')) ?? [];
        if (head === undefined || read.length < head.length + Number(length)) break;
        messages.push(read.subarray(head.length, head.length + Number(length)).toString());
        read = read.subarray(head.length + Number(length));
      }
    });
    socket.once('end', () => {
      if (read.length > 0) garbage.push(read.toString());
    });
  };
  const server: Server = tls === undefined ? createServer(serve) : createSecureServer(tls, serve);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, messages, garbage, connections: () => connections };
}
