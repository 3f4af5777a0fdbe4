import { AegisError } from '@aegis/core';
import type {
  AgentIdentity,
  CertificateName,
  ClientCertificate,
  Credentials,
  SecretReference,
  SecretStore,
} from '../ports.ts';
import { certificateOwner } from './certificates.ts';
import type { TokenReader } from './oauth/access-tokens.ts';
import { bearerToken, canBeToken, looksLikeJwt, ownerOf, tokenDigest } from './tokens.ts';

/** An agent as the configuration knows it: by a token of its own or of an issuer, by a client certificate, or by both together. */
export interface KnownAgent extends AgentIdentity {
  readonly token?: SecretReference;
  /** Who it is in access tokens. */
  readonly subject?: string;
  readonly certificate?: CertificateName;
}

/** The agent that presents credentials; undefined when none does; or why nobody can say. */
export type Recognised = AgentIdentity | 'expired' | 'insufficient_scope' | 'unavailable' | undefined;

export interface Authenticator {
  /** Tells which agent presents credentials. Never rejects. */
  (shown: Credentials): Recognised | Promise<Recognised>;
  /** Whether this is the digest of an agent's own token. */
  ownsToken(digest: Buffer): boolean;
  /** Whether the certificate is an agent's, whatever comes with it. */
  isHolder(shown: Credentials): boolean;
}

/**
 * Agents by bearer token (RFC 6750), by access token where `readToken` is there, and by client certificate. With `anonymous`, a caller that presents nothing
 * at all is that agent; whoever shows something wrong is never anonymous. Fails with `CONFIG_INVALID` when a
 * token cannot be read, cannot be sent in a header, or would name two agents.
 */
export async function createAuthenticator(
  agents: readonly KnownAgent[],
  secrets: SecretStore,
  anonymous: string | undefined,
  readToken?: TokenReader,
): Promise<Authenticator> {
  const byToken = await Promise.all(
    agents.flatMap(({ token, ...owner }) => (token === undefined ? [] : [knownToken(owner, token, secrets)])),
  );
  refuseSharedTokens(byToken);
  const holderOf = (certificate: ClientCertificate | undefined) =>
    certificate && certificateOwner(certificate, agents);
  const ownerOfToken = (authorization: string): KnownAgent | undefined => {
    const token = bearerToken(authorization);
    return token === undefined ? undefined : ownerOf(tokenDigest(token), byToken);
  };
  const authenticate = ({ authorization, certificate }: Credentials): Recognised | Promise<Recognised> => {
    const holder = holderOf(certificate);
    if (authorization === undefined) {
      if (holder !== undefined) {
        // SECURITY: who has both to show is not known by one of them.
        const isAlone = holder.token === undefined && holder.subject === undefined;
        return isAlone ? identityOf(holder) : undefined;
      }
      if (certificate !== undefined || anonymous === undefined) return undefined;
      return { name: anonymous, tenant: 'default' };
    }
    const owner = ownerOfToken(authorization);
    if (owner !== undefined) return believed(owner, holder);
    const token = bearerToken(authorization);
    if (readToken === undefined || token === undefined || !looksLikeJwt(token)) return undefined;
    return readToken(token).then((reading) => {
      if (reading.kind !== 'subject') return reading.kind === 'invalid' ? undefined : reading.kind;
      const named = agents.find(({ subject }) => subject === reading.subject);
      return named && believed(named, holder);
    });
  };
  return Object.assign(authenticate, {
    ownsToken: (digest: Buffer) => ownerOf(digest, byToken) !== undefined,
    isHolder: ({ certificate }: Credentials) => holderOf(certificate) !== undefined,
  });
}

/** SECURITY: a token is not believed from whom its connection says is somebody else. */
function believed(owner: KnownAgent, holder: KnownAgent | undefined): AgentIdentity | undefined {
  const expected = owner.certificate === undefined ? (holder ?? owner).name : holder?.name;
  return expected === owner.name ? identityOf(owner) : undefined;
}

function identityOf({ name, tenant }: AgentIdentity): AgentIdentity {
  return { name, tenant };
}

interface KnownToken {
  readonly owner: KnownAgent;
  readonly digest: Buffer;
}

async function knownToken(
  owner: KnownAgent,
  token: SecretReference,
  secrets: SecretStore,
): Promise<KnownToken> {
  const value = (await secrets.resolve(token, `the token of agent \`${owner.name}\``)).reveal();
  if (canBeToken(value)) return { owner, digest: tokenDigest(value) };
  throw new AegisError('CONFIG_INVALID', `the token of agent \`${owner.name}\` cannot be a bearer token`, {
    help: 'use 1 to 4096 visible ASCII characters without spaces',
  });
}

function refuseSharedTokens(known: readonly KnownToken[]): void {
  const owners = new Map<string, string>();
  for (const { owner, digest } of known) {
    const other = owners.get(digest.toString('hex'));
    if (other !== undefined) {
      const message = `agents \`${other}\` and \`${owner.name}\` have the same token`;
      throw new AegisError('CONFIG_INVALID', message, { help: 'give each agent a token of its own' });
    }
    owners.set(digest.toString('hex'), owner.name);
  }
}
