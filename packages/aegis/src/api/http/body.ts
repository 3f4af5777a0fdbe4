import type { IncomingMessage } from 'node:http';
import { AegisError, type JsonValue, parseStrict } from '@aegis/core';

/** Most bytes of one request's body. */
export const MAX_BODY_BYTES = 1024 * 1024;

const JSON_TYPE = /^application\/json(?:\s*;\s*charset=utf-8)?$/i;

/**
 * Reads a body as strict JSON: UTF-8, no duplicate keys, bounded in size and depth. Rejects with
 * `INPUT_INVALID`, and with `INPUT_TOO_LARGE` beyond `MAX_BODY_BYTES`.
 */
export async function readJson(request: IncomingMessage): Promise<JsonValue> {
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw new AegisError('INPUT_INVALID', 'the body is not `application/json` in UTF-8');
  }
  const parsed = parseStrict(decode(await readBytes(request)));
  if (parsed.ok) return parsed.value;
  throw new AegisError('INPUT_INVALID', `the body is no JSON that can be taken: ${parsed.problem.message}`);
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > MAX_BODY_BYTES) {
      throw new AegisError('INPUT_TOO_LARGE', `the body has more than ${MAX_BODY_BYTES} bytes`);
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new AegisError('INPUT_INVALID', 'the body is not UTF-8');
  }
}
