import type { ServerResponse } from 'node:http';
import { codeOf, ERRORS, type ErrorCode } from '@aegis/core';
import type { SignInRefusal } from '../../ports.ts';

export const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
} as const;

/** An error as RFC 9457 writes it. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code?: ErrorCode;
  readonly request_id?: string;
}

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  type = 'application/json',
): void {
  response.writeHead(status, { 'Content-Type': type, ...SECURITY_HEADERS });
  response.end(typeof body === 'string' ? body : `${JSON.stringify(body)}\n`);
}

export function sendProblem(
  response: ServerResponse,
  status: number,
  more: Pick<Problem, 'detail' | 'code' | 'request_id'> = {},
): void {
  const problem: Problem = { type: 'about:blank', title: TITLES[status] ?? 'Error', status, ...more };
  send(response, status, problem, 'application/problem+json');
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** Answers with what went wrong; what is none of our errors says nothing of itself. */
export function sendError(response: ServerResponse, error: unknown, requestId: string): void {
  const code = codeOf(error) ?? 'INTERNAL';
  const known = code !== 'INTERNAL' && error instanceof Error;
  const detail = known ? error.message : 'the request failed inside; nothing more was done';
  const wait = known && 'retryAfterMs' in error ? error.retryAfterMs : undefined;
  if (typeof wait === 'number') response.setHeader('Retry-After', Math.ceil(wait / 1000));
  sendProblem(response, ERRORS[code].http, { detail, code, request_id: requestId });
}

const REFUSED: Readonly<Record<SignInRefusal['status'], ErrorCode>> = {
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  429: 'TOO_MANY',
  503: 'UPSTREAM_UNAVAILABLE',
};

/** Answers a request of nobody that is known. */
export function sendRefusal(
  response: ServerResponse,
  { status, message, headers }: SignInRefusal,
  requestId: string,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendProblem(response, status, { detail: message, code: REFUSED[status], request_id: requestId });
}
