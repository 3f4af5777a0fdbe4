import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';

/** MCP allows strings and integers, never null; `1` and `"1"` are two ids. */
export type RequestId = string | number;

export type Message =
  | { readonly kind: 'request'; readonly id: RequestId; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'response'; readonly id: RequestId; readonly body: JsonObject }
  | InvalidMessage;

export type RequestMessage = Extract<Message, { kind: 'request' }>;

/** A message that breaks the protocol, and the JSON-RPC error that answers it. */
export interface InvalidMessage {
  readonly kind: 'invalid';
  /** The id that the error carries: the message's own where it has a usable one. */
  readonly id: RequestId | null;
  readonly method: string;
  readonly code: number;
  readonly message: string;
}

/** JSON-RPC 2.0, section 5.1. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;

/**
 * A denial of anything but `tools/call`; `data` is the denial. JSON-RPC and MCP keep -32768 to
 * -32000 for themselves, so this one lies outside.
 */
export const DENIED = -31403;

/** Bound on ids: they are held while a request is in flight, and echoed. */
const MAX_ID_CHARS = 256;

/** Several messages in one array, which only the revision 2025-03-26 has. */
export interface Batch {
  readonly kind: 'batch';
  readonly messages: readonly Message[];
}

/** The most messages of one batch. */
export const MAX_BATCH = 64;

/** What a batch is to whoever cannot take one. */
export const UNEXPECTED_BATCH: InvalidMessage = invalid(null, '', 'batches are not part of the protocol');

/** Tells what a parsed message is, or what the messages of a batch are. */
export function classifyAny(value: JsonValue): Message | Batch {
  if (!Array.isArray(value)) return classify(value);
  if (value.length === 0) return invalid(null, '', 'a batch holds at least one message');
  if (value.length > MAX_BATCH) {
    return invalid(null, '', `a batch holds at most ${MAX_BATCH} messages`);
  }
  return { kind: 'batch', messages: value.map((member: JsonValue) => classify(member)) };
}

/** Tells what a parsed message is. An array is refused. */
export function classify(value: JsonValue): Message {
  if (Array.isArray(value)) return UNEXPECTED_BATCH;
  if (!isJsonObject(value)) return invalid(null, '', 'a message is a JSON object');
  const { id } = value;
  const named = typeof value['method'] === 'string' ? value['method'] : '';
  if (id !== undefined && !isRequestId(id)) {
    return invalid(null, named, 'an id is an integer or a string of at most 256 characters');
  }
  const echo = id ?? null;
  if (value['jsonrpc'] !== '2.0') return invalid(echo, named, '`jsonrpc` must be "2.0"');
  const { method, params = {} } = value;
  if (method !== undefined) {
    if (typeof method !== 'string') return invalid(echo, named, '`method` must be a string');
    if ('result' in value || 'error' in value) {
      return invalid(echo, named, 'a message is a request or a response, not both');
    }
    if (!isJsonObject(params)) {
      return { ...invalid(echo, named, '`params` must be an object'), code: INVALID_PARAMS };
    }
    return id === undefined
      ? { kind: 'notification', method, params }
      : { kind: 'request', id, method, params };
  }
  if (id !== undefined && 'result' in value !== 'error' in value) {
    return { kind: 'response', id, body: value };
  }
  return invalid(echo, named, 'a message needs `method`, or an `id` with `result` or `error`');
}

function invalid(id: RequestId | null, method: string, message: string): InvalidMessage {
  return { kind: 'invalid', id, method, code: INVALID_REQUEST, message };
}

export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' ? value.length <= MAX_ID_CHARS : Number.isSafeInteger(value);
}

export function resultText(id: RequestId, result: JsonObject): string {
  return JSON.stringify({ jsonrpc: '2.0', id, result });
}

export function errorText(id: RequestId | null, code: number, message: string, data?: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, data } });
}

export function requestText(id: number, method: string, params: JsonObject): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

export function notificationText(method: string, params?: JsonObject): string {
  return JSON.stringify({ jsonrpc: '2.0', method, params });
}

export function isNotification(method: string): boolean {
  return method.startsWith('notifications/');
}
