import type { IncomingMessage } from 'node:http';
import type { Batch, Message } from '../../jsonrpc.ts';
import { methodMismatch, nameMismatch } from '../modern/request-headers.ts';

/**
 * Why the headers `Mcp-Method` and `Mcp-Name` do not agree with the message, where a client of a session
 * sends them: its revision does not ask for them. Undefined when they do.
 *
 * SECURITY: whoever stands before us may have judged them; what is judged here is the body.
 */
export function mirrorMismatch(request: IncomingMessage, message: Message | Batch): string | undefined {
  const { 'mcp-method': method, 'mcp-name': name } = request.headers;
  if (method === undefined && name === undefined) return undefined;
  if (message.kind !== 'request' && message.kind !== 'notification') {
    return 'the headers name what the body does not';
  }
  const lines = request.headersDistinct;
  return (
    (method === undefined ? undefined : methodMismatch(lines, message.method)) ??
    (name === undefined ? undefined : nameMismatch(lines, message.method, message.params))
  );
}
