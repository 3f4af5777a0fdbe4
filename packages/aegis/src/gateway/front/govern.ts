import type { JsonObject, JsonValue, Masks } from '@aegis/core';
import type { Denial, Kernel, SessionHandle, Verdicted, WhileHeld } from '../../enforce/door.ts';
import type { UpstreamLimits, UpstreamReply } from '../../ports.ts';
import { DENIED, errorText, INVALID_PARAMS, type RequestId, resultText } from '../jsonrpc.ts';
import { callRoute } from '../routes/call.ts';
import { concealed, deniedToolResult, denialJson } from './denial.ts';
import { type Target, type TargetReading, withArguments } from './target.ts';

/** What a client may be told of its request. */
export type Governed =
  | { readonly kind: 'result'; readonly result: JsonObject }
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly data?: JsonValue }
  | { readonly kind: 'denied'; readonly denial: Denial };

/**
 * The effect of a request that was allowed: called at most once for each target, after the intent is
 * durable. `mask` is what must be masked in whatever is relayed before the reply.
 */
export type Perform = (target: Target, limits: UpstreamLimits, mask: Masks) => Promise<UpstreamReply>;

/** Of a stop, and of a request that policy let through: a session that ends meanwhile sees nothing any more. */
const TOLD: ReadonlySet<string> = new Set(['KILLED', 'UPSTREAM_FAILED', 'TIMEOUT', 'OUTPUT_TOO_LARGE']);

/** A request but for what it acts on. */
interface GovernedMethod {
  readonly method: string;
  readonly signal: AbortSignal;
  readonly userText?: string;
  readonly held?: WhileHeld;
}

/**
 * Takes one request of a client through the kernel, whatever era and transport it came by. One record
 * in every case, also for what does not exist; for a tool of several servers one for each of them. Never
 * rejects.
 */
export async function govern(
  kernel: Kernel,
  handle: SessionHandle,
  { method, signal, userText, held }: GovernedMethod,
  reading: TargetReading,
  perform: Perform,
): Promise<Governed> {
  if (reading.kind === 'invalid') {
    const denial = await kernel.refuse(handle, method, 'PROTOCOL_VIOLATION', reading.message);
    return { kind: 'error', code: INVALID_PARAMS, message: reading.message, data: denialJson(denial) };
  }
  const { unknown } = reading;
  if (reading.kind === 'unknown') {
    return { kind: 'denied', denial: await kernel.refuse(handle, method, 'TOOL_UNKNOWN', unknown) };
  }
  const judge = async (target: Target): Promise<Verdicted> => {
    const { resource, args } = target;
    const verdict = await kernel.mediate(handle, {
      method,
      resource,
      args,
      signal,
      ...(userText === undefined ? {} : { userText }),
      ...(held === undefined ? {} : { held }),
      execute: (limits, mask, judged) => perform(withArguments(target, judged), limits, mask),
    });
    // SECURITY: what policy hides from lists is answered as if it did not exist.
    // Who is stopped is told so, of whatever it asks; and what was let through is told how it ended.
    const hidden = verdict.kind === 'denied' && !TOLD.has(verdict.denial.code);
    return hidden && !kernel.visible(handle, method, resource)
      ? { kind: 'denied', denial: concealed(verdict.denial, unknown) }
      : verdict;
  };
  const verdict =
    reading.kind === 'fan_out'
      ? await callRoute(reading.route, reading.targets, judge, signal)
      : await judge(reading.target);
  return settled(verdict);
}

/** What a client may be told of a verdict. */
export function settled(verdict: Verdicted): Governed {
  return verdict.kind === 'upstream_error' ? { ...verdict, kind: 'error' } : verdict;
}

/** The answer as JSON-RPC: a denied tool call is a result, which the model can adapt to; anything else an error. */
export function governedText(id: RequestId, method: string, governed: Governed): string {
  switch (governed.kind) {
    case 'result':
      return resultText(id, governed.result);
    case 'error':
      return errorText(id, governed.code, governed.message, governed.data);
    case 'denied':
      return method === 'tools/call'
        ? resultText(id, deniedToolResult(governed.denial))
        : errorText(id, DENIED, governed.denial.message, denialJson(governed.denial));
  }
}
