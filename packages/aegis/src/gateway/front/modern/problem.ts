import type { JsonObject, ReasonCode } from '@aegis/core';
import { INVALID_PARAMS, METHOD_NOT_FOUND } from '../../jsonrpc.ts';
import { HEADER_MISMATCH, UNSUPPORTED_VERSION } from '../../upstream/modern/reply.ts';
import { MODERN_REVISION } from '../../upstream/modern/request.ts';
import { quoted } from '../denial.ts';
import { SUPPORTED_REVISIONS } from './discover.ts';
import type { HeaderLines } from './header.ts';
import { methodMismatch, revisionMismatch } from './request-headers.ts';

/** Why a request is refused before anything is done: recorded as one denial. */
export interface Problem {
  /** JSON-RPC error code. */
  readonly code: number;
  /** HTTP status. */
  readonly status: number;
  readonly message: string;
  readonly reason?: ReasonCode;
  readonly data?: JsonObject;
}

export function malformed(message: string): Problem {
  return { code: INVALID_PARAMS, status: 400, message };
}

export function wrongParams(message: string): Problem {
  return { code: INVALID_PARAMS, status: 200, message };
}

export function headerMismatch(message: string): Problem {
  return { code: HEADER_MISMATCH, status: 400, message };
}

export function unknownMethod(method: string): Problem {
  return { code: METHOD_NOT_FOUND, status: 404, message: `method ${quoted(method)} is not offered` };
}

/** What is wrong with the revision of a request, or with what its headers say of its revision and method. */
export function envelopeProblem(
  headers: HeaderLines | undefined,
  method: string,
  revision: string,
): Problem | undefined {
  const lie = headers && revisionMismatch(headers, revision);
  if (lie !== undefined) return headerMismatch(lie);
  if (revision !== MODERN_REVISION) {
    const message = 'this protocol version is not supported';
    const data = { supported: SUPPORTED_REVISIONS, requested: revision };
    return { code: UNSUPPORTED_VERSION, status: 400, message, data };
  }
  const mismatch = headers && methodMismatch(headers, method);
  return mismatch === undefined ? undefined : headerMismatch(mismatch);
}
