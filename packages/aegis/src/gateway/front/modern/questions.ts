import { isJsonObject, type JsonObject } from '@aegis/core';

/** One request of a server to the client, as a result carries it. */
export interface Question {
  readonly method: string;
  readonly params: JsonObject;
}

/** What a server needs before it can go on (MCP 2026-07-28, `InputRequiredResult`). */
export interface Needs {
  /** By the server's own keys. */
  readonly questions: ReadonlyMap<string, Question>;
  /** The server's own, which it gets back as it came. */
  readonly requestState: string | undefined;
}

/** The most questions of one result, and the longest state of a server that is kept for it. */
const MAX_QUESTIONS = 16;
const MAX_STATE_CHARS = 64 * 1024;
const MAX_KEY_CHARS = 256;

/** Undefined for a result that is not one of these, or that asks more than can be kept. */
export function readNeeds({ inputRequests = {}, requestState }: JsonObject): Needs | undefined {
  if (!isJsonObject(inputRequests)) return undefined;
  if (
    requestState !== undefined &&
    !(typeof requestState === 'string' && requestState.length <= MAX_STATE_CHARS)
  ) {
    return undefined;
  }
  const questions = new Map<string, Question>();
  for (const [key, request] of Object.entries(inputRequests)) {
    if (!isJsonObject(request) || key.length > MAX_KEY_CHARS || questions.size === MAX_QUESTIONS)
      return undefined;
    const { method, params = {} } = request;
    if (typeof method !== 'string' || !isJsonObject(params)) return undefined;
    questions.set(key, { method, params: plain(params) });
  }
  return questions.size === 0 && requestState === undefined ? undefined : { questions, requestState };
}

/** Questions as a result carries them. */
export function inputRequestsOf(questions: ReadonlyMap<string, Question>): JsonObject {
  return Object.fromEntries([...questions].map(([key, { method, params }]) => [key, { method, params }]));
}

/** Without what belongs to the request that carried it, and not to the question. */
export function plain(params: JsonObject): JsonObject {
  const { _meta: _, task: __, ...rest } = params;
  return rest;
}
