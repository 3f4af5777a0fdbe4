import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { parseExact } from '@aegis/core';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 'aegis-handoff.';
const MAX_CHARS = 2_048;

/** What a handoff token says: one agent of one tenant may act on behalf of one session, for a while. */
export interface HandoffGrant {
  readonly id: string;
  readonly tenant: string;
  /** On whose behalf. */
  readonly session: string;
  readonly agent: string;
  readonly user: string;
  /** Who may. */
  readonly to: string;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

/**
 * Handoff tokens, which only processes with the same key can make and read.
 *
 * SECURITY: authenticated encryption. A token that was changed, or made elsewhere, does not open, and shows nothing.
 */
export class HandoffTokens {
  readonly #key: Uint8Array;

  /** `key` has 32 bytes; absent: one of this process alone. */
  constructor(key: Uint8Array = randomBytes(32)) {
    this.#key = key;
  }

  seal({ id, tenant, session, agent, user, to, expiresAtMs }: HandoffGrant): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(PREFIX));
    const text = JSON.stringify([id, tenant, session, agent, user, to, expiresAtMs]);
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return PREFIX + sealed.toString('base64url');
  }

  /** Undefined for what is no token of ours. Whether it is over, and for whom it is, is not asked here. */
  open(token: string): HandoffGrant | undefined {
    if (!token.startsWith(PREFIX) || token.length > MAX_CHARS) return undefined;
    const text = token.slice(PREFIX.length);
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== text) return undefined;
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    try {
      decipher.setAAD(Buffer.from(PREFIX));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const content = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
      return grantOf(Buffer.concat([content, decipher.final()]).toString());
    } catch {
      return undefined;
    }
  }
}

function grantOf(text: string): HandoffGrant | undefined {
  const parsed = parseExact(text);
  if (!parsed.ok || !Array.isArray(parsed.value)) return undefined;
  const [id, tenant, session, agent, user, to, expiresAtMs] = parsed.value;
  return {
    id: String(id),
    tenant: String(tenant),
    session: String(session),
    agent: String(agent),
    user: String(user),
    to: String(to),
    expiresAtMs: Number(expiresAtMs),
  };
}
