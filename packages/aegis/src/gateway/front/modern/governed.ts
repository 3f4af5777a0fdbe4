import type { JsonObject } from '@aegis/core';
import type { Kernel } from '../../../enforce/door.ts';
import { type RequestId, resultText } from '../../jsonrpc.ts';
import { govern } from '../govern.ts';
import { progressRelay } from '../progress.ts';
import { TARGET_READERS, type TargetReading } from '../target.ts';
import { userTextOf } from '../user-text.ts';
import { Call, type Waiter } from './call.ts';
import type { Answer, Exchange } from './exchange.ts';
import { governedAnswer } from './governed-answer.ts';
import { HeldCalls } from './held-calls.ts';
import type { ModernLimits } from './limits.ts';
import { performOf } from './perform.ts';
import { wrongParams } from './problem.ts';
import { inputRequestsOf } from './questions.ts';
import { refuse } from './refuse.ts';
import type { RequestMeta } from './request-meta.ts';
import { type SealedState, type StateBinding, StateSeals } from './request-state.ts';
import type { Results } from './results.ts';
import { answersTo, essenceOf, readRetry, type Retry, withAnswers } from './retry.ts';
import type { Run } from './run.ts';
import { RunApproval } from './run-approval.ts';

/** The methods whose results may ask for more (MCP 2026-07-28, "Multi Round-Trip Requests"). */
const MAY_ASK: ReadonlySet<string> = new Set(['tools/call', 'resources/read', 'prompts/get']);

/** One request that acts on a server, with all that is known of it. */
export interface GovernedRequest {
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
  readonly meta: RequestMeta;
  readonly run: Run;
  readonly exchange: Exchange;
}

/** Takes requests that act on servers through the kernel, in as many rounds as the servers need. */
export class GovernedRequests {
  readonly #kernel: Kernel;
  readonly #limits: ModernLimits;
  readonly #results: Results;
  readonly #seals: StateSeals;
  readonly #held: HeldCalls;

  constructor(kernel: Kernel, limits: ModernLimits, results: Results) {
    this.#kernel = kernel;
    this.#limits = limits;
    this.#results = results;
    this.#seals = new StateSeals(limits.answerMs);
    this.#held = new HeldCalls(limits);
  }

  async answer(request: GovernedRequest): Promise<Answer> {
    const { method, params, exchange } = request;
    const retry = readRetry(params);
    if (retry !== undefined && 'problem' in retry)
      return refuse(this.#kernel, request, wrongParams(retry.problem));
    const reading = TARGET_READERS.get(method)?.(params, exchange.catalogue);
    if (reading === undefined) throw new TypeError(`no reader for ${method}`);
    return retry === undefined ? this.#begin(request, reading, false) : this.#again(request, reading, retry);
  }

  #begin(
    request: GovernedRequest,
    reading: TargetReading,
    repeated: boolean,
    approval = new RunApproval(
      request.meta.declared,
      MAY_ASK.has(request.method) && reading.kind === 'target',
    ),
  ): Promise<Answer> {
    const { method, params, run } = request;
    const kernel = this.#kernel;
    const call = new Call(this.#limits.graceMs);
    const waiter = waiterOf(request);
    const asks = MAY_ASK.has(method) && reading.kind === 'target';
    const perform = performOf({ kernel, run, call, held: this.#held, waiter, asks }, method);
    const stop = run.onEnd(() => call.giveUp());
    const heard = { method, signal: call.signal, held: approval.held, ...userTextOf(params) };
    const governed = govern(kernel, run.handle, heard, reading, perform);
    void call.begin(governed, () => {
      stop();
      this.#held.over(call);
    });
    return this.#follow(request, call, waiter, repeated, approval);
  }

  /**
   * SECURITY: a state counts once, and only where it was given: before it has been opened, nothing of the
   * request is acted on.
   */
  async #again(request: GovernedRequest, reading: TargetReading, retry: Retry): Promise<Answer> {
    const { run } = request;
    const binding = bindingOf(request);
    const opened = binding && this.#seals.open(binding, retry.requestState);
    if (opened === undefined || !run.spend(opened, performance.now()))
      return refuse(this.#kernel, request, NO_STATE);
    const { state } = opened;
    if (state.kind === 'approval') {
      return this.#begin(request, reading, true, new RunApproval(undefined, true, retry.responses));
    }
    if (state.kind === 'held') {
      const call = this.#held.take(state.call, state.round, run);
      if (call === undefined) return refuse(this.#kernel, request, NO_STATE);
      call.answer(retry.responses);
      return this.#follow(request, call, waiterOf(request), true);
    }
    const { server, keys, requestState } = state;
    const answered = withAnswers(reading, server, answersTo(keys, retry.responses), requestState);
    return answered === undefined
      ? refuse(this.#kernel, request, NO_STATE)
      : this.#begin(request, answered, true);
  }

  async #follow(
    request: GovernedRequest,
    call: Call,
    waiter: Waiter,
    repeated: boolean,
    approval?: RunApproval,
  ): Promise<Answer> {
    const { id, method, params, exchange } = request;
    const stage = await call.stage(waiter);
    if (stage.kind === 'asking') {
      const left = this.#held.leave(call);
      if (left === undefined) return this.#follow(request, call, waiter, repeated, approval);
      if (exchange.signal.aborted) {
        // Nobody will come back for what was answered to nobody.
        call.giveUp();
        this.#held.forget(call);
      }
      return this.#inputRequired(request, inputRequestsOf(stage.questions), { kind: 'held', ...left });
    }
    this.#held.forget(call);
    const { governed } = stage;
    const { asking } = call;
    const shown = approval?.requests(governed);
    if (shown !== undefined) return this.#inputRequired(request, shown, { kind: 'approval' });
    if (asking !== undefined && governed.kind === 'result') {
      const { server, needs } = asking;
      const keys = [...needs.questions.keys()];
      const { inputRequests } = governed.result;
      const state = { kind: 'again', server, keys, requestState: needs.requestState } as const;
      return this.#inputRequired(request, inputRequests as JsonObject, state);
    }
    return governedAnswer(this.#results, { id, method, params, governed, repeated });
  }

  #inputRequired(request: GovernedRequest, inputRequests: JsonObject, state: SealedState): Answer {
    const binding = bindingOf(request);
    if (binding === undefined) throw new TypeError('a request was judged that has no canonical form');
    const requestState = this.#seals.seal(binding, state);
    const result = this.#results.inputRequired(inputRequests, requestState);
    return { text: resultText(request.id, result), status: 200 };
  }
}

const NO_STATE = wrongParams(
  'the request state is not one that was given for this request, or it is too old or used',
);

function waiterOf({ params, meta, exchange }: GovernedRequest): Waiter {
  const { declared, logLevel } = meta;
  const { signal, send } = exchange;
  return { declared, signal, send, progress: progressRelay(params, send), logLevel };
}

function bindingOf({ method, params, run }: GovernedRequest): StateBinding | undefined {
  const request = essenceOf(params);
  return request && { caller: run.caller, session: run.handle.id, method, request };
}
