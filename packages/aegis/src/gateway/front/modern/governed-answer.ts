import type { JsonObject, JsonValue } from '@aegis/core';
import type { Denial } from '../../../enforce/door.ts';
import {
  DENIED,
  errorText,
  INVALID_PARAMS,
  METHOD_NOT_FOUND,
  type RequestId,
  resultText,
} from '../../jsonrpc.ts';
import { MISSING_CLIENT_CAPABILITY } from '../../upstream/modern/reply.ts';
import { deniedToolResult, denialJson } from '../denial.ts';
import type { Governed } from '../govern.ts';
import type { Answer } from './exchange.ts';
import { cacheOf, NO_CACHE, type Results } from './results.ts';

/** What a client is told of a request that acted on a server, or was not allowed to. */
export interface GovernedAnswer {
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
  readonly governed: Governed;
  /** Whether answers of the client are part of it: then it is kept by nobody. */
  readonly repeated: boolean;
}

export function governedAnswer(results: Results, answer: GovernedAnswer): Answer {
  const { id, method, governed, repeated } = answer;
  switch (governed.kind) {
    case 'result': {
      const { result } = governed;
      const cache = method === 'resources/read' ? (repeated ? NO_CACHE : cacheOf(result)) : undefined;
      return ok(resultText(id, results.complete(result, cache)));
    }
    case 'error': {
      const { code, message, data } = governed;
      return { text: errorText(id, code, message, data ?? uriOf(answer, code)), status: statusOf(code) };
    }
    case 'denied':
      return method === 'tools/call'
        ? ok(resultText(id, results.complete(deniedToolResult(governed.denial))))
        : ok(deniedText(answer, governed.denial));
  }
}

function ok(text: string): Answer {
  return { text, status: 200 };
}

function statusOf(code: number): number {
  if (code === MISSING_CLIENT_CAPABILITY) return 400;
  return code === METHOD_NOT_FOUND ? 404 : 200;
}

/** What does not exist is a parameter that is wrong, in this revision. */
function deniedText(answer: GovernedAnswer, denial: Denial): string {
  const code = denial.code === 'TOOL_UNKNOWN' ? INVALID_PARAMS : DENIED;
  return errorText(answer.id, code, denial.message, { ...denialJson(denial), ...uriOf(answer, code) });
}

/** Which resource there is not (MCP 2026-07-28, resources, "Error Handling"). */
function uriOf({ method, params }: GovernedAnswer, code: number): { readonly uri: JsonValue } | undefined {
  const { uri } = params;
  return method === 'resources/read' && code === INVALID_PARAMS && uri !== undefined ? { uri } : undefined;
}
