import { AegisError, canonicalJson, type JsonObject } from '@aegis/core';
import type { Denial, Kernel, Verdicted } from '../../enforce/door.ts';
import { type AgentIdentity, UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../ports.ts';
import { Quota } from './quota.ts';
import type { OwnSession } from './sessions.ts';

/** An action that an agent's own code would carry out. */
export interface ProposedAction {
  /** What is done: rules know it as `tool_name`. */
  readonly type: string;
  /** To what: rules know it as `server`. */
  readonly target: string;
  readonly params: JsonObject;
  /** Whether to wait for a person, as long as the configuration says, where one must be asked. */
  readonly waits: boolean;
}

/** What an agent is told of an action that it proposed. */
export type Started =
  | {
      readonly kind: 'allowed';
      readonly id: string;
      /** What may be done, which a person may have changed. */
      readonly params: JsonObject;
      /** When the outcome must be reported, in milliseconds from now. */
      readonly timeoutMs: number;
      readonly maxOutputBytes: number;
    }
  | { readonly kind: 'denied'; readonly denial: Denial };

/** What came of an action, in the words of whoever carried it out. */
export type Reported =
  | { readonly outcome: 'success'; readonly result: JsonObject }
  | { readonly outcome: 'failed'; readonly error: string };

interface OpenAction {
  readonly owner: AgentIdentity;
  readonly settle: (reported: Reported) => void;
  readonly verdict: () => Promise<Verdicted>;
}

/** Most actions of one agent that are held or not reported yet. */
const MAX_UNDER_WAY_PER_AGENT = 1_024;

/** The actions that were allowed and whose outcome is not reported yet. */
export class OpenActions {
  readonly #kernel: Kernel;
  readonly #isReserved: (target: string) => boolean;
  readonly #quota = new Quota(MAX_UNDER_WAY_PER_AGENT, 'actions under way');
  readonly #open = new Map<string, OpenAction>();

  /** `isReserved` knows the targets of which no agent may say that it did something to them. */
  constructor(kernel: Kernel, isReserved: (target: string) => boolean) {
    this.#kernel = kernel;
    this.#isReserved = isReserved;
  }

  /**
   * Takes an action through the kernel up to where it may be carried out. `signal` ends when nobody waits
   * for that any more. Fails with `CONFLICT` when its target is a server, and with `TOO_MANY`.
   */
  async start(session: OwnSession, action: ProposedAction, signal: AbortSignal): Promise<Started> {
    if (this.#isReserved(action.target)) {
      throw new AegisError(
        'CONFLICT',
        'the target is an MCP server, or looks like one: call its tools through MCP',
      );
    }
    const handBack = this.#quota.take(session.owner);
    const { promise: started, resolve: answer } = Promise.withResolvers<Started>();
    const cancel = new AbortController();
    const leave = (): void => cancel.abort();
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    session.underWay.add(cancel);
    let id = '';
    const verdict = this.#kernel.mediate(session.handle, {
      method: 'tools/call',
      resource: { kind: 'tool', server: action.target, name: action.type },
      args: action.params,
      execute: async (limits, _mask, params) => {
        const { timeoutMs, maxOutputBytes } = limits;
        if (limits.signal?.aborted === true)
          throw new UpstreamError('cancelled', 'nobody waits for the action');
        // From here on the end of the request says nothing: it is answered.
        signal.removeEventListener('abort', leave);
        const reported = this.#reportOf(id, { owner: session.owner, verdict: () => verdict }, limits);
        answer({ kind: 'allowed', id, params, timeoutMs, maxOutputBytes });
        return reported;
      },
      proposed: (callId) => {
        id = callId;
      },
      held: { mayWait: () => action.waits },
      signal: cancel.signal,
    });
    const conclude = async (): Promise<void> => {
      const came = await verdict;
      signal.removeEventListener('abort', leave);
      session.underWay.delete(cancel);
      handBack();
      if (came.kind === 'denied') answer({ kind: 'denied', denial: came.denial });
    };
    void conclude();
    return started;
  }

  /**
   * Takes the report of whoever carried the action out, and gives what may be gone on with: the result as
   * policy masks it, or why it is withheld. Fails with `NOT_FOUND`, also for the second report.
   */
  async finish(owner: AgentIdentity, id: string, reported: Reported): Promise<Verdicted> {
    const action = this.#open.get(id);
    if (action === undefined || action.owner.name !== owner.name || action.owner.tenant !== owner.tenant) {
      throw new AegisError('NOT_FOUND', 'no action of this id waits for its outcome', {
        help: 'an outcome is reported once, and in the time that the action was given',
      });
    }
    action.settle(reported);
    this.#open.delete(id);
    return action.verdict();
  }

  /** What is reported of an action, or why nothing is. */
  async #reportOf(
    id: string,
    action: Omit<OpenAction, 'settle'>,
    { timeoutMs, maxOutputBytes, signal }: UpstreamLimits,
  ): Promise<UpstreamReply> {
    const { promise, resolve, reject } = Promise.withResolvers<UpstreamReply>();
    const late = setTimeout(() => {
      reject(new UpstreamError('timeout', `nobody reported within ${timeoutMs} ms what came of the action`));
    }, timeoutMs);
    const cancelled = (): void =>
      reject(new UpstreamError('cancelled', 'the action was given up before anybody reported on it'));
    signal?.addEventListener('abort', cancelled, { once: true });
    const settle = (reported: Reported): void => {
      const reply = replyOf(reported, maxOutputBytes);
      if (reply instanceof UpstreamError) reject(reply);
      else resolve(reply);
    };
    this.#open.set(id, { ...action, settle });
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      signal?.removeEventListener('abort', cancelled);
      this.#open.delete(id);
    }
  }
}

function replyOf(reported: Reported, maxOutputBytes: number): UpstreamReply | UpstreamError {
  if (reported.outcome === 'failed') return { kind: 'error', code: -32_000, message: reported.error };
  const bytes = Buffer.byteLength(canonicalJson(reported.result));
  if (bytes <= maxOutputBytes) return { kind: 'result', result: reported.result, bytes };
  return new UpstreamError(
    'too_large',
    `the result has ${bytes} bytes, of which ${maxOutputBytes} may be returned`,
  );
}
