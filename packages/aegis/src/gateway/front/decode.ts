import { isUtf8 } from 'node:buffer';
import { parseStrict } from '@aegis/core';
import {
  type Batch,
  classifyAny,
  type InvalidMessage,
  type Message,
  PARSE_ERROR,
  UNEXPECTED_BATCH,
} from '../jsonrpc.ts';

/** Reads one message of a client: strict UTF-8, strict JSON, one JSON-RPC object. */
export function decode(bytes: Buffer): Message {
  const read = decodeAny(bytes);
  return read.kind === 'batch' ? UNEXPECTED_BATCH : read;
}

/** The same, where several messages may come as one array. */
export function decodeAny(bytes: Buffer): Message | Batch {
  if (!isUtf8(bytes)) return unreadable('the message is not valid UTF-8');
  const parsed = parseStrict(bytes.toString('utf8'));
  return parsed.ok
    ? classifyAny(parsed.value)
    : unreadable(`the message is not strict JSON: ${parsed.problem.message}`);
}

export function unreadable(message: string): InvalidMessage {
  return { kind: 'invalid', id: null, method: '', code: PARSE_ERROR, message };
}
