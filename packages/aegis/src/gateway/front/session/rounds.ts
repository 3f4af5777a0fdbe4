import { isJsonObject, type JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamReply } from '../../../ports.ts';
import { INTERNAL_ERROR } from '../../jsonrpc.ts';
import { quoted } from '../denial.ts';

/** A server that still asks after so many answers is given up. */
const MAX_ROUNDS = 8;

/** The most questions of one round. */
const MAX_QUESTIONS = 16;

/** How a client with sessions is asked, and the request is sent again with what it answered. */
export interface RoundTrip {
  /** Never rejects; given up when `withdrawn` is raised. */
  readonly ask: (method: string, params: JsonObject, withdrawn: AbortSignal) => Promise<UpstreamReply>;
  readonly retry: (answers: JsonObject) => Promise<UpstreamReply>;
}

/**
 * Turns what a modern server asks inside its results (MCP 2026-07-28, multi round-trip requests) into
 * requests to a client with sessions, until the server has what it needs. A question that is not answered
 * ends the call. Throws `UpstreamError` for a result that is none.
 */
export async function inRounds(first: UpstreamReply, trip: RoundTrip): Promise<UpstreamReply> {
  let reply = first;
  for (let round = 1; reply.kind === 'result'; round++) {
    const { resultType = 'complete', ...rest } = reply.result;
    if (resultType === 'complete') return { ...reply, result: rest };
    // SECURITY: a result of a type that nobody knows is not a complete one.
    const needed = resultType === 'input_required' ? readNeeds(rest) : undefined;
    if (needed === undefined)
      throw new UpstreamError('protocol', 'the server answered no known kind of result');
    if (round > MAX_ROUNDS) return failure(`the server asked again after ${MAX_ROUNDS} rounds of answers`);
    const answered = await askAll(needed.questions, trip);
    if (answered.kind === 'error') return answered;
    // The state is the server's own, and goes back as it came.
    const { requestState } = needed;
    reply = await trip.retry({
      ...(needed.questions.length === 0 ? {} : { inputResponses: answered.responses }),
      ...(requestState === undefined ? {} : { requestState }),
    });
  }
  return reply;
}

interface Question {
  readonly key: string;
  readonly method: string;
  readonly params: JsonObject;
}

interface Needs {
  readonly questions: readonly Question[];
  readonly requestState?: string;
}

function readNeeds({ inputRequests, requestState }: JsonObject): Needs | undefined {
  if (requestState !== undefined && typeof requestState !== 'string') return undefined;
  if (inputRequests === undefined)
    return requestState === undefined ? undefined : { questions: [], requestState };
  if (!isJsonObject(inputRequests)) return undefined;
  const questions: Question[] = [];
  for (const [key, request] of Object.entries(inputRequests)) {
    if (!isJsonObject(request) || questions.length === MAX_QUESTIONS) return undefined;
    const { method, params = {} } = request;
    if (typeof method !== 'string' || !isJsonObject(params)) return undefined;
    questions.push({ key, method, params });
  }
  return requestState === undefined ? { questions } : { questions, requestState };
}

type ErrorReply = Extract<UpstreamReply, { kind: 'error' }>;
type Answered = { readonly kind: 'answered'; readonly responses: JsonObject } | ErrorReply;

/** Asks everything at the same time; what the client has not answered is withdrawn when one answer fails. */
async function askAll(questions: readonly Question[], { ask }: RoundTrip): Promise<Answered> {
  const withdrawn = new AbortController();
  const failures: ErrorReply[] = [];
  const responses = await Promise.all(
    questions.map(async ({ key, method, params }): Promise<readonly [string, JsonObject]> => {
      const reply = await ask(method, params, withdrawn.signal);
      if (reply.kind === 'result') return [key, reply.result];
      failures.push(failure(`the server asked for ${quoted(method)} and got no answer: ${reply.message}`));
      withdrawn.abort();
      return [key, {}];
    }),
  );
  return failures[0] ?? { kind: 'answered', responses: Object.fromEntries(responses) };
}

function failure(message: string): ErrorReply {
  return { kind: 'error', code: INTERNAL_ERROR, message };
}
