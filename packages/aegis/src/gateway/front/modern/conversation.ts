import type { JsonObject, Masks } from '@aegis/core';
import type { Kernel } from '../../../enforce/door.ts';
import type { UpstreamReply } from '../../../ports.ts';
import { METHOD_NOT_FOUND } from '../../jsonrpc.ts';
import type { Conversation, Progress } from '../../upstream/server.ts';
import { answers, askable, governAsk } from '../ask.ts';
import type { Call, Waiter } from './call.ts';
import type { HeldCalls } from './held-calls.ts';
import { plain } from './questions.ts';
import type { Run } from './run.ts';

/** Who talks with whom about one call. */
export interface Talk {
  readonly kernel: Kernel;
  readonly run: Run;
  readonly call: Call;
  readonly held: HeldCalls;
  /** The request that began the call. */
  readonly waiter: Waiter;
  /** Whether the client can be asked something before the call has ended. */
  readonly asks: boolean;
}

/** What one server may tell and ask a client without sessions while it works on a call. */
export function conversationOf(talk: Talk, server: string, mask: Masks): Conversation {
  const { kernel, run, call, waiter, asks } = talk;
  const { logLevel } = waiter;
  return {
    capabilities: asks ? askable(kernel, run.handle, server, waiter.declared) : {},
    ...(waiter.progress === undefined ? {} : { progress: (report: Progress) => call.progress(report, mask) }),
    ...(logLevel === undefined ? {} : { logLevel, log: (params: JsonObject) => call.log(params, mask) }),
    ...(asks ? { ask: askOf(talk, server) } : {}),
  };
}

function askOf({ kernel, run, call, held, waiter }: Talk, server: string): NonNullable<Conversation['ask']> {
  const refused = async (method: string, code: 'PROTOCOL_VIOLATION' | 'RATE_LIMITED', why: string) => {
    await kernel.refuse(run.handle, method, code, why);
    return REFUSED;
  };
  return async (method, asked, signal = call.signal) => {
    const params = plain(asked);
    if (!call.admit()) return REFUSED;
    if (!answers(waiter.declared, method, params)) {
      return refused(method, 'PROTOCOL_VIOLATION', 'a server asked what this client does not offer');
    }
    if (!held.reserve(run, call)) {
      return refused(method, 'RATE_LIMITED', 'too many calls wait for answers of clients');
    }
    const either = AbortSignal.any([signal, call.signal]);
    return governAsk(kernel, run.handle, server, { method, params, signal: either }, () =>
      call.ask({ method, params }, either),
    );
  };
}

const REFUSED: UpstreamReply = {
  kind: 'error',
  code: METHOD_NOT_FOUND,
  message: 'this client cannot be asked that',
};
