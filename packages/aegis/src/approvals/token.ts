import { timingSafeEqual } from 'node:crypto';
import { type Approval, tagged } from '@aegis/core';

/** What a token stands for: an approval, and the person whom it was sent to, where it was one. */
export interface TokenClaim {
  readonly approvalId: string;
  /** Undefined: it only leads to the question, and whoever answers must say who it is. */
  readonly person: string | undefined;
}

type Bound = Pick<Approval, 'id' | 'tenant' | 'callId' | 'binding' | 'expiresAtMs'>;

/** The longest token that is looked at, in characters. */
const MAX_CHARS = 1_024;

const NOBODY = '-';

/**
 * A token for a link: `<approval>.<person>.<mac>`.
 *
 * SECURITY: the MAC is over the call, the end of the approval, and its binding, in which are the canonical
 * arguments, the definition in force and the policy. So a token is good for this question alone, in the name
 * of this person alone, and for one word: a person counts once.
 */
export function mintToken(
  approval: Bound,
  person: string | undefined,
  mac: (text: string) => string,
): string {
  const name = person === undefined ? NOBODY : Buffer.from(person).toString('base64url');
  return `${approval.id}.${name}.${mac(textOf(approval, person))}`;
}

/** What a token says before anybody has verified it; undefined for what is none. */
export function readToken(token: string): TokenClaim | undefined {
  const match = token.length <= MAX_CHARS ? FORM.exec(token) : null;
  const [, approvalId, name] = match ?? [];
  if (approvalId === undefined || name === undefined) return undefined;
  return { approvalId, person: name === NOBODY ? undefined : Buffer.from(name, 'base64url').toString() };
}

const FORM = /^(apr_[0-9a-z]{1,64})\.([A-Za-z0-9_-]{1,512})\.[0-9a-f]{64}$/;

/** Whether a token was made for this approval and this person. */
export function isTokenOf(
  token: string,
  approval: Bound,
  person: string | undefined,
  mac: (text: string) => string,
): boolean {
  const given = Buffer.from(token);
  const made = Buffer.from(mintToken(approval, person, mac));
  return given.length === made.length && timingSafeEqual(given, made);
}

function textOf({ id, tenant, callId, binding, expiresAtMs }: Bound, person: string | undefined): string {
  return tagged('aegis approval token/1', {
    id,
    tenant,
    call_id: callId,
    binding,
    expires_at_ms: expiresAtMs,
    person: person ?? null,
  });
}
