import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as z from 'zod';
import type { Audience, Principal } from './principal.ts';

/** What a handler is given: everything in it was checked against the route's schemas. */
export interface Asked<Parameters, Query, Body> {
  readonly principal: Principal | undefined;
  readonly path: Parameters;
  readonly query: Query;
  readonly body: Body;
  /** `req_...`: answered in the header `X-Request-Id`. */
  readonly requestId: string;
  /** Ends when the client is gone. */
  readonly signal: AbortSignal;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** What a handler answers; `undefined` when it has answered on the response itself. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly type?: string;
}

/** One route of the API: what it takes, what it answers, and who may ask. OpenAPI is made of the same. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `/v1/sessions/{id}`; parameters are whole segments. */
  readonly path: string;
  /** The name of the operation in OpenAPI, and of the method in the SDKs. */
  readonly operation: string;
  readonly summary: string;
  readonly audience: Audience;
  readonly parameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What is answered with a status; a text is the media type of what is no JSON. */
  readonly answers: Readonly<Record<number, z.ZodType | string>>;
  handle(asked: Asked<never, never, never>): Promise<Answer | undefined>;
}

type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** Writes down a route with the types that its schemas give its handler. */
export function route<
  const P extends z.ZodObject | undefined = undefined,
  const Q extends z.ZodObject | undefined = undefined,
  const B extends z.ZodType | undefined = undefined,
>(
  definition: Omit<Route, 'parameters' | 'query' | 'body' | 'handle'> & {
    readonly parameters?: P;
    readonly query?: Q;
    readonly body?: B;
    handle(asked: Asked<Parsed<P>, Parsed<Q>, Parsed<B>>): Promise<Answer | undefined>;
  },
): Route {
  return definition as unknown as Route;
}
