import { canonicalJson, isJsonObject, type JsonObject } from '@aegis/core';
import type { TargetReading } from '../target.ts';

/** What a request brings back from an earlier one. */
export interface Retry {
  readonly requestState: string;
  /** The client's answers, by the keys of the questions. */
  readonly responses: JsonObject;
}

/**
 * Reads what a client brings back. Undefined for a request that brings nothing: answers without a state
 * are answers to nothing that was asked, and are dropped like every other one.
 */
export function readRetry({
  requestState,
  inputResponses = {},
}: JsonObject): Retry | undefined | { readonly problem: string } {
  if (!isJsonObject(inputResponses)) return { problem: '`inputResponses` must be an object' };
  if (!Object.values(inputResponses).every(isJsonObject)) {
    return { problem: 'each of `inputResponses` must be an object' };
  }
  if (requestState === undefined) return undefined;
  return typeof requestState === 'string'
    ? { requestState, responses: inputResponses }
    : { problem: '`requestState` must be a string' };
}

/** What a state is bound to of a request: what the client asks for, and with which arguments. */
export function essenceOf({ name, uri, arguments: args }: JsonObject): JsonObject | undefined {
  const essence: JsonObject = {
    ...(name === undefined ? {} : { name }),
    ...(uri === undefined ? {} : { uri }),
    arguments: args ?? {},
  };
  try {
    canonicalJson(essence);
    return essence;
  } catch {
    return undefined;
  }
}

/** The answers to questions that were asked. */
export function answersTo(keys: readonly string[], responses: JsonObject): JsonObject {
  const asked = new Set(keys);
  return Object.fromEntries(Object.entries(responses).filter(([key]) => asked.has(key)));
}

const RESPONSES = 'inputResponses';

/**
 * The same request with the client's answers in it, judged and sent. Undefined where the two cannot be told
 * apart.
 *
 * SECURITY: what goes to a server is judged, and an answer may name a path or a host as well as an argument
 * may.
 */
export function withAnswers(
  reading: TargetReading,
  server: string,
  answers: JsonObject,
  requestState: string | undefined,
): TargetReading | undefined {
  if (reading.kind !== 'target' || reading.target.upstream.name !== server) return undefined;
  const { target } = reading;
  if (Object.hasOwn(target.args, RESPONSES)) return undefined;
  const answered = Object.keys(answers).length === 0 ? {} : { [RESPONSES]: answers };
  return {
    ...reading,
    target: {
      ...target,
      args: { ...target.args, ...answered },
      params: { ...target.params, ...answered, ...(requestState === undefined ? {} : { requestState }) },
    },
  };
}
