import { CLIENT_REQUESTS, isClientRequest, isJsonObject, type JsonObject, type Resource } from '@aegis/core';
import type { Kernel, SessionHandle } from '../../enforce/door.ts';
import type { UpstreamReply } from '../../ports.ts';
import { CAPABILITY_OF } from '../capabilities.ts';
import { DENIED, METHOD_NOT_FOUND } from '../jsonrpc.ts';

/** What is asked of a client is asked by a server; the client itself has no other name. */
function clientOf(server: string): Resource {
  return { kind: 'server', server, name: 'client' };
}

/**
 * What a server is told that it can ask: what this client declared, and of that what the manifest
 * declares and no rule forbids.
 */
export function askable(
  kernel: Kernel,
  handle: SessionHandle,
  server: string,
  declared: JsonObject,
): JsonObject {
  const offered = CLIENT_REQUESTS.flatMap((method) => {
    const capability = CAPABILITY_OF[method];
    const value = declared[capability];
    return value !== undefined && kernel.visible(handle, method, clientOf(server))
      ? [[capability, value] as const]
      : [];
  });
  return Object.fromEntries(offered);
}

/** Whether a client declared that it answers such a request, with what its parameters ask for. */
export function answers(declared: JsonObject, method: string, params: JsonObject = {}): boolean {
  const capability = isClientRequest(method) ? declared[CAPABILITY_OF[method]] : undefined;
  if (!isJsonObject(capability)) return false;
  switch (method) {
    case 'elicitation/create':
      if (params['mode'] === 'url') return capability['url'] !== undefined;
      // Without any mode the form is meant, as it was before there were two (MCP 2025-11-25).
      return capability['form'] !== undefined || capability['url'] === undefined;
    case 'sampling/createMessage':
      return capability['tools'] !== undefined || (params['tools'] ?? params['toolChoice']) === undefined;
    default:
      return true;
  }
}

/**
 * Takes one request of a server through the kernel before the client sees it: one decision and one
 * outcome, like any other action. `forward` asks the client. Never rejects: the reply is what the
 * server may be told, and of a denial it learns nothing but that there was one.
 */
export async function governAsk(
  kernel: Kernel,
  handle: SessionHandle,
  server: string,
  {
    method,
    params,
    signal,
  }: { readonly method: string; readonly params: JsonObject; readonly signal: AbortSignal },
  forward: () => Promise<UpstreamReply>,
): Promise<UpstreamReply> {
  if (!isClientRequest(method)) {
    await kernel.refuse(handle, method, 'PROTOCOL_VIOLATION', 'a server asked what no client is asked');
    return { kind: 'error', code: METHOD_NOT_FOUND, message: 'this client offers no such method' };
  }
  const resource = clientOf(server);
  const verdict = await kernel.mediate(handle, { method, resource, args: params, signal, execute: forward });
  switch (verdict.kind) {
    case 'result':
      return { kind: 'result', result: verdict.result, bytes: 0 };
    case 'upstream_error':
      return { ...verdict, kind: 'error' };
    case 'denied':
      return { kind: 'error', code: DENIED, message: 'the client may not be asked this' };
  }
}
