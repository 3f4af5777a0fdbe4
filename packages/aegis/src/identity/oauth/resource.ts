/** What a client needs to know to get a token for this gateway. */
export interface ProtectedResource {
  readonly issuer: string;
  readonly audience: string;
  readonly scopes: readonly string[];
}

/** Where the description of a protected resource lies, before the path of the resource (RFC 9728, section 3.1). */
const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** The description of this gateway for OAuth clients (RFC 9728, section 2). */
export function resourceMetadata({ issuer, audience, scopes }: ProtectedResource): object {
  return {
    resource: audience,
    authorization_servers: [issuer],
    bearer_methods_supported: ['header'],
    ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
    resource_name: 'Aegis',
  };
}

/** Whether a path is where the description is looked for: of the resource itself, of everything, or of a place of MCP. */
export function isMetadataPath(path: string, { audience }: ProtectedResource): boolean {
  return METADATA.test(path) || path === metadataPath(audience);
}

const METADATA = /^\/\.well-known\/oauth-protected-resource(?:(?:\/s\/[^/]{1,256})?\/(?:mcp|sse))?$/;

function metadataPath(audience: string): string {
  const { pathname } = new URL(audience);
  return `${WELL_KNOWN}${pathname === '/' ? '' : pathname}`;
}

/** What a refused client is told to do (RFC 6750, section 3; RFC 9728, section 5.1). */
export function challenge(
  { audience, scopes }: ProtectedResource,
  error: 'invalid_token' | 'insufficient_scope' | undefined,
): string {
  const parts = [`resource_metadata="${new URL(audience).origin}${metadataPath(audience)}"`];
  if (scopes.length > 0) parts.unshift(`scope="${scopes.join(' ')}"`);
  if (error !== undefined) parts.unshift(`error="${error}"`);
  return `Bearer ${parts.join(', ')}`;
}
