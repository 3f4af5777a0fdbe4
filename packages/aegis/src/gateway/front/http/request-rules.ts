import type { IncomingHttpHeaders } from 'node:http';
import { isSessionRevision, SESSION_REVISIONS } from '../../revision.ts';

/** Why an HTTP request is not taken: the status, and words without anything the client sent. */
export interface Refused {
  readonly status: number;
  readonly message: string;
}

export interface AllowedPeers {
  /** `name`, which stands for every port, or `name:port`. */
  readonly allowedHosts: readonly string[];
  /** Whole origins (`http://localhost:5173`) of the web pages that may call. */
  readonly allowedOrigins: readonly string[];
  /** How this door is reached; absent: by `http`. */
  readonly scheme?: 'http' | 'https';
}

/**
 * Which requests may be heard at all.
 *
 * SECURITY: keeps web pages away, those that reach us by a rebound name included (MCP, Streamable HTTP).
 */
export function peerRule(peers: AllowedPeers): (headers: IncomingHttpHeaders) => Refused | undefined {
  const hosts = new Set(peers.allowedHosts.map((host) => host.toLowerCase()));
  const origins = new Set(peers.allowedOrigins);
  const { scheme = 'http' } = peers;
  // A client sends the same name each time.
  let served: string | undefined;
  return ({ host = '', origin }) => {
    if (host === served && origin === undefined) return undefined;
    const lower = host.toLowerCase();
    if (hosts.has(lower) || hosts.has(lower.replace(/:\d+$/, ''))) served = host;
    else {
      return { status: 403, message: 'this host name is not served' };
    }
    // A page of this very door is at home: the name that it was reached by is one that is served.
    return origin === undefined || origin === `${scheme}://${lower}` || origins.has(origin)
      ? undefined
      : { status: 403, message: 'this origin is not allowed' };
  };
}

/** `agreed` is the revision of the session that the request belongs to, where there is one. */
export function revisionProblem(
  headers: IncomingHttpHeaders,
  agreed: string | undefined,
): Refused | undefined {
  const revision = headers['mcp-protocol-version'];
  if (revision === undefined) return undefined;
  if (!isSessionRevision(revision)) {
    const known = SESSION_REVISIONS.join(', ');
    return { status: 400, message: `unsupported protocol version; supported are ${known}` };
  }
  return agreed === undefined || agreed === revision
    ? undefined
    : { status: 400, message: 'the protocol version is not the one that was agreed on' };
}

export function postProblem(headers: IncomingHttpHeaders): Refused | undefined {
  const problem = bodyProblem(headers);
  if (problem !== undefined) return problem;
  if (headers.accept === USUAL_ACCEPT) return undefined;
  return accepts(headers.accept, 'application/json') && accepts(headers.accept, 'text/event-stream')
    ? undefined
    : { status: 406, message: 'the client must accept application/json and text/event-stream' };
}

/** What nearly every client sends. */
const USUAL_ACCEPT = 'application/json, text/event-stream';

export function bodyProblem(headers: IncomingHttpHeaders): Refused | undefined {
  if (!isJsonType(headers['content-type'])) {
    return { status: 415, message: 'the content type must be application/json' };
  }
  const coding = headers['content-encoding'];
  return coding === undefined || coding === 'identity'
    ? undefined
    : { status: 415, message: 'a content coding is not supported' };
}

export function getProblem(headers: IncomingHttpHeaders): Refused | undefined {
  return accepts(headers.accept, 'text/event-stream')
    ? undefined
    : { status: 406, message: 'the client must accept text/event-stream' };
}

function isJsonType(header: string | undefined): boolean {
  if (header === 'application/json') return true;
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';');
  if (type.trim() !== 'application/json') return false;
  return parameters.every((parameter) => {
    const [name, value] = parameter.split('=', 2).map((part) => part.trim());
    return name !== 'charset' || value === 'utf-8' || value === '"utf-8"' || value === 'utf8';
  });
}

function accepts(header: string | undefined, type: string): boolean {
  const [family] = type.split('/');
  return (header ?? '').split(',').some((range) => {
    const wanted = range.split(';', 1)[0]?.trim().toLowerCase();
    return wanted === type || wanted === `${family}/*` || wanted === '*/*';
  });
}
