import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';

/** How long a collector may take for a batch, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** Where a stream of messages goes. */
export interface Collector {
  readonly kind: 'tcp' | 'tls';
  readonly host: string;
  readonly port: number;
  /** Who is believed to be the collector, in PEM; absent: whom the system believes. */
  readonly ca?: string;
}

/** Longer than a collector needs that turns a connection away, beside two ways there and back, in milliseconds. */
const TURN_AWAY_MS = 10;

/**
 * Sends messages over a connection of their own, each with its length before it (RFC 6587, section 3.4.1; RFC 5425).
 * Resolves when the collector has closed its side in answer to the end of ours: then it has read all of them. A syslog
 * transport has no other word for that (RFC 5425, section 4.4). Rejects when the connection ends before.
 */
export function sendStream(to: Collector, lines: readonly string[], signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const began = performance.now();
  const socket = open(to);
  let isAsked = false;
  let isAnswered = false;
  const stop = (): void => void socket.destroy(new Error('the operation was aborted'));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('the collector took too long')));
  socket.once(to.kind === 'tls' ? 'secureConnect' : 'connect', () => {
    const patienceMs = 2 * (performance.now() - began) + TURN_AWAY_MS;
    socket.write(framed(lines), () => {
      // An end that was on its way before ours says nothing about what was read.
      setTimeout(() => {
        if (socket.destroyed || socket.readableEnded) return;
        isAsked = true;
        socket.end();
      }, patienceMs);
    });
  });
  socket.on('data', () => {});
  socket.once('end', () => {
    isAnswered = isAsked;
  });
  socket.once('error', reject);
  socket.once('close', () => {
    signal.removeEventListener('abort', stop);
    if (isAnswered) resolve();
    else reject(new Error('the collector closed the connection before it had read everything'));
  });
  return promise;
}

function open({ kind, host, port, ca }: Collector): Socket {
  if (kind === 'tcp') return connect({ host, port });
  return connectSecurely({
    host,
    port,
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
  });
}

function framed(lines: readonly string[]): string {
  return lines.map((line) => `${Buffer.byteLength(line)} ${line}`).join('');
}
