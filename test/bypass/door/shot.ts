import type { Id } from './message.ts';

/** What the headers of the stateless revision say of a message. */
export interface Mirror {
  readonly method: string;
  readonly name?: string;
  /** By the name of the header, without `Mcp-Param-`. */
  readonly params?: Readonly<Record<string, string>>;
}

export type HeaderValue = string | readonly string[] | undefined;

/** Stands for the id of what has no answer. */
export const UNANSWERED = Symbol('unanswered');

/** One message as it is sent, and over HTTP the request around it. Whatever is left out is as it should be. */
export interface Shot {
  readonly body: string | Buffer;
  /** The id of the answer; `null` for one that names none. */
  readonly id: Id | null | typeof UNANSWERED;
  readonly mirror?: Mirror;
  readonly verb?: string;
  /** The path and query as they are written into the request line. */
  readonly target?: string;
  /** Headers by name: another value, several lines of it, or none. */
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  /** Bytes that follow on the same connection. */
  readonly trailing?: Buffer;
}

/** The same with other text in the body. */
export function rewritten(shot: Shot, change: (text: string) => string): Shot {
  const before = shot.body.toString();
  const after = change(before);
  if (after === before) throw new Error(`nothing to rewrite in ${before.slice(0, 200)}`);
  return { ...shot, body: after };
}

export function withHeaders(shot: Shot, headers: Readonly<Record<string, HeaderValue>>): Shot {
  return { ...shot, headers: { ...shot.headers, ...headers } };
}
