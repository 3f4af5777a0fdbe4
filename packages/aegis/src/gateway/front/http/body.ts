import type { IncomingMessage } from 'node:http';

/** Reads a request's body. `too_large` as soon as it is known to be; `gone` when the client left. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  done: (body: Buffer | 'too_large' | 'gone') => void,
): void {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) return done('too_large');
  let chunks: Buffer[] = [];
  let length = 0;
  let finished = false;
  const finish = (body: Buffer | 'too_large' | 'gone'): void => {
    if (finished) return;
    finished = true;
    chunks = [];
    done(body);
  };
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > maxBytes) finish('too_large');
    else if (!finished) chunks.push(chunk);
  });
  request.on('end', () => finish(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  request.on('error', () => finish('gone'));
  request.on('close', () => finish('gone'));
}
