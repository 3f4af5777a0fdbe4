import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** Reads a body as the most obliging of servers would; undefined for what nobody could read. */
export async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return readBody(Buffer.concat(chunks));
  } catch {
    return undefined;
  }
}

function readBody(bytes: Buffer): unknown {
  const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  const wide = plain[1] === 0 || (plain[0] === 0xff && plain[1] === 0xfe);
  const text = plain.toString(wide ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
  return JSON.parse(text.replace(/^\/\*.*?\*\//s, '')) as unknown;
}
