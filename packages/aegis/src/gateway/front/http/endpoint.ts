/** What a path asks for: the one MCP endpoint, or one of the two that the revision 2024-11-05 has. */
export type EndpointKind = 'mcp' | 'sse' | 'messages';

/** A place that MCP is served at: all servers together, or one of them alone. */
export interface Endpoint {
  readonly kind: EndpointKind;
  /** The server that stands here alone. */
  readonly server?: string;
  /** What the path starts with before the kind. */
  readonly prefix: string;
}

/** Reads `/mcp`, `/s/<server>/mcp` and the like; undefined for any other path. */
export function readEndpoint(path: string): Endpoint | undefined {
  const match = PATH.exec(path);
  if (match === null) return undefined;
  const [, prefix = '', quoted] = match;
  const kind = match[3] as EndpointKind;
  if (quoted === undefined) return { kind, prefix };
  const server = decoded(quoted);
  return server === undefined ? undefined : { kind, server, prefix };
}

const PATH = /^((?:\/s\/([^/]{1,256}))?)\/(mcp|sse|messages)$/;

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
