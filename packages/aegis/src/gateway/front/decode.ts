import { isUtf8 } from 'node:buffer';
import { parseStrict } from '@aegis/core';
import { classify, type InvalidMessage, type Message, PARSE_ERROR } from '../jsonrpc.ts';

/** Reads one message of a client: strict UTF-8, strict JSON, one JSON-RPC object. */
export function decode(bytes: Buffer): Message {
  if (!isUtf8(bytes)) return unreadable('the message is not valid UTF-8');
  const parsed = parseStrict(bytes.toString('utf8'));
  return parsed.ok
    ? classify(parsed.value)
    : unreadable(`the message is not strict JSON: ${parsed.problem.message}`);
}

export function unreadable(message: string): InvalidMessage {
  return { kind: 'invalid', id: null, method: '', code: PARSE_ERROR, message };
}
