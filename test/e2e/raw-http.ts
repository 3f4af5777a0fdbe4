// HTTP as an attacker writes it: bytes on a socket.
import { connect } from 'node:net';

export interface RawReply {
  /** Status of each response on the connection, in order. */
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Sends bytes to a daemon and reads until it closes, or until nothing has come for `quietMs`. */
export function exchangeRaw(url: string, bytes: string | Buffer, quietMs = 700): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  return new Promise((done) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    let timer = setTimeout(() => socket.destroy(), quietMs);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), quietMs);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      done({ statuses, text });
    });
    socket.write(bytes);
  });
}

/** One POST to `/mcp`; a header that is undefined is left out. */
export function post(
  body: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>> = {},
): string {
  const all = {
    Host: '127.0.0.1',
    Accept: 'application/json, text/event-stream',
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}`),
  );
  return `POST /mcp HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}
