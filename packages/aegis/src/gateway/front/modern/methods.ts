import type { JsonObject } from '@aegis/core';
import type { Kernel } from '../../../enforce/door.ts';
import { INVALID_REQUEST, type RequestId, resultText } from '../../jsonrpc.ts';
import { LISTED } from '../listed.ts';
import { type Capability, discovery, isOffered } from './discover.ts';
import type { Answer, Exchange } from './exchange.ts';
import { readFilter } from './filter.ts';
import { type GovernedRequest, GovernedRequests } from './governed.ts';
import type { ModernLimits } from './limits.ts';
import { listPage, shownTool, type Viewer } from './lists.ts';
import { paramsMismatch } from './param-headers.ts';
import { headerMismatch, type Problem, unknownMethod, wrongParams } from './problem.ts';
import { refuse } from './refuse.ts';
import { nameMismatch } from './request-headers.ts';
import { LIST_CACHE, type Results } from './results.ts';
import { Subscription } from './subscription.ts';
import { Subscriptions } from './subscriptions.ts';

/** The methods that there are, and what some server must offer for each; `any` needs none. */
const NEEDS: ReadonlyMap<string, Capability | 'any'> = new Map([
  ['server/discover', 'any'],
  ['subscriptions/listen', 'any'],
  ['tools/list', 'tools'],
  ['tools/call', 'tools'],
  ['resources/list', 'resources'],
  ['resources/templates/list', 'resources'],
  ['resources/read', 'resources'],
  ['prompts/list', 'prompts'],
  ['prompts/get', 'prompts'],
  ['completion/complete', 'completions'],
]);

/** A method that is not offered at an endpoint, or a header that does not agree with what it is about. */
export function methodProblem(
  { headers, catalogue }: Exchange,
  method: string,
  params: JsonObject,
): Problem | undefined {
  const needed = NEEDS.get(method);
  if (needed === undefined || (needed !== 'any' && !isOffered(catalogue, needed)))
    return unknownMethod(method);
  const lie = headers && nameMismatch(headers, method, params);
  return lie === undefined ? undefined : headerMismatch(lie);
}

/** Answers requests of the methods that there are, once their envelope is known to be good. */
export class Methods {
  readonly #kernel: Kernel;
  readonly #limits: ModernLimits;
  readonly #results: Results;
  readonly #governed: GovernedRequests;
  readonly #subscriptions: Subscriptions;

  constructor(kernel: Kernel, limits: ModernLimits, results: Results) {
    this.#kernel = kernel;
    this.#limits = limits;
    this.#results = results;
    this.#governed = new GovernedRequests(kernel, limits, results);
    this.#subscriptions = new Subscriptions(limits.maxSubscriptionsPerCaller);
  }

  async answer(request: GovernedRequest): Promise<Answer> {
    const { id, method, params, run, exchange } = request;
    const viewer = { kernel: this.#kernel, handle: run.handle, catalogue: exchange.catalogue };
    if (method === 'server/discover') return this.#complete(id, discovery(viewer));
    if (method === 'subscriptions/listen') return this.#listen(request);
    const listed = LISTED.get(method);
    if (listed !== undefined) {
      const page = listPage(viewer, listed.kind, params['cursor'], this.#limits.pageSize);
      return page === undefined
        ? refuse(this.#kernel, request, wrongParams('the cursor is not one of ours'))
        : this.#complete(id, page);
    }
    const lie = method === 'tools/call' ? argumentsMismatch(viewer, request) : undefined;
    return lie === undefined
      ? this.#governed.answer(request)
      : refuse(this.#kernel, request, headerMismatch(lie));
  }

  /** Ends what listens, with an answer. */
  closeSubscriptions(): void {
    this.#subscriptions.closeAll();
  }

  #listen(request: GovernedRequest): Promise<Answer> {
    const { id, params, meta, run, exchange } = request;
    const kernel = this.#kernel;
    const filter = readFilter(params);
    if ('problem' in filter) return refuse(kernel, request, wrongParams(filter.problem));
    const { caller } = exchange;
    if (!this.#subscriptions.hasRoom(caller)) return refuse(kernel, request, TOO_MANY);
    const { declared } = meta;
    const { keepAliveMs } = this.#limits;
    const results = this.#results;
    const subscription = new Subscription({
      kernel,
      results,
      id,
      run,
      exchange,
      filter,
      declared,
      keepAliveMs,
    });
    return this.#subscriptions.listen(caller, subscription);
  }

  #complete(id: RequestId, result: JsonObject): Answer {
    return { text: resultText(id, this.#results.complete(result, LIST_CACHE)), status: 200 };
  }
}

const TOO_MANY: Problem = {
  code: INVALID_REQUEST,
  status: 200,
  message: 'too many subscriptions are open',
  reason: 'RATE_LIMITED',
};

/**
 * Why the headers of a call do not agree with its arguments.
 *
 * SECURITY: a tool that is not shown to the caller is not known by the headers that it wants, either.
 */
function argumentsMismatch(viewer: Viewer, { params, exchange }: GovernedRequest): string | undefined {
  const { headers } = exchange;
  const { name } = params;
  if (headers === undefined || typeof name !== 'string') return undefined;
  const tool = shownTool(viewer, name);
  return tool && paramsMismatch(headers, tool.definition, params['arguments']);
}
