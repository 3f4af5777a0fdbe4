// HTTP/1.1 as far as an attacker needs it: whatever bytes on a socket, and one response read strictly.
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface ResponseHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

interface Hearing {
  head(head: ResponseHead): void;
  piece(text: string): void;
  /** The first response is complete, or will never be. */
  end(): void;
}

type Body = { kind: 'length'; left: number } | { kind: 'chunked' } | { kind: 'until close' };

/** One connection, and the first final response on it; what follows is kept as text. */
export class HttpConnection {
  readonly #socket: Socket;
  readonly #hearing: Hearing;
  #rest: Buffer = Buffer.alloc(0);
  #body: Body | undefined;
  #ended = false;
  /** Everything that came, status lines and all. */
  raw = '';

  constructor(url: URL, hearing: Hearing) {
    const secure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port || (secure ? 443 : 80));
    this.#socket = secure ? connectTls({ host, port, servername: host }) : connectTcp(port, host);
    this.#socket.setNoDelay(true);
    this.#hearing = hearing;
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#end());
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.raw += chunk.toString('utf8');
    if (this.#ended) return;
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#body === undefined) {
      const at = this.#rest.indexOf('\r\n\r\n');
      if (at === -1) return;
      const head = readHead(this.#rest.subarray(0, at).toString('latin1'));
      this.#rest = this.#rest.subarray(at + 4);
      if (head.status === 101 || head.status >= 200) {
        this.#body = bodyOf(head);
        this.#hearing.head(head);
      }
    }
    this.#read(this.#body);
  }

  #read(body: Body): void {
    switch (body.kind) {
      case 'until close':
        return this.#give(this.#rest.length);
      case 'length': {
        const length = Math.min(body.left, this.#rest.length);
        body.left -= length;
        this.#give(length);
        return body.left === 0 ? this.#end() : undefined;
      }
      case 'chunked':
        while (this.#chunk()) continue;
    }
  }

  /** Reads one chunk; false when it is not complete yet, or was the last. */
  #chunk(): boolean {
    const line = this.#rest.indexOf('\r\n');
    if (line === -1) return false;
    const size = Number.parseInt(this.#rest.subarray(0, line).toString('latin1'), 16);
    const from = line + 2;
    if (this.#rest.length < from + size + 2) return false;
    this.#rest = this.#rest.subarray(from);
    if (size === 0) {
      this.#end();
      return false;
    }
    this.#give(size);
    this.#rest = this.#rest.subarray(2);
    return true;
  }

  #give(length: number): void {
    if (length === 0) return;
    const text = this.#rest.subarray(0, length).toString('utf8');
    this.#rest = this.#rest.subarray(length);
    this.#hearing.piece(text);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#hearing.end();
  }
}

function readHead(text: string): ResponseHead {
  const [first = '', ...lines] = text.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()] as const;
    }),
  );
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0), headers };
}

function bodyOf({ status, headers }: ResponseHead): Body {
  if (status === 101) return { kind: 'until close' };
  if (status === 204 || status === 304) return { kind: 'length', left: 0 };
  if (headers['transfer-encoding']?.toLowerCase() === 'chunked') return { kind: 'chunked' };
  const length = headers['content-length'];
  return length === undefined ? { kind: 'until close' } : { kind: 'length', left: Number(length) };
}
