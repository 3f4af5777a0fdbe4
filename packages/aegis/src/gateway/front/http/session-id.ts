import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Caller } from '../../../enforce/door.ts';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Beyond this an id is none of ours, and is not looked at. */
const MAX_CHARS = 4_096;

/**
 * Session ids as clients hold them: what a session is found by, sealed for its caller and its endpoint. Processes
 * with the same key open each other's.
 *
 * SECURITY: authenticated encryption. An id that was forged or changed, or that another caller or another endpoint
 * brings, does not open, and takes as long as any other: no session is looked for by what a stranger sent.
 */
export class SessionIds {
  readonly #key: Uint8Array;

  /** `key` has 32 bytes; absent: one of this process alone. */
  constructor(key: Uint8Array = randomBytes(32)) {
    this.#key = key;
  }

  /** The id that a client is given; another one each time. */
  seal(content: string, caller: Caller, endpoint: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(caller, endpoint));
    const sealed = Buffer.concat([iv, cipher.update(content, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return sealed.toString('base64url');
  }

  /** What was sealed in an id; undefined when it was not given to this caller at this endpoint. */
  open(id: string, caller: Caller, endpoint: string): string | undefined {
    if (id.length > MAX_CHARS) return undefined;
    const bytes = Buffer.from(id, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
    // One text for each id: what decoders skip would make many of one.
    if (bytes.toString('base64url') !== id) return undefined;
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    try {
      decipher.setAAD(boundTo(caller, endpoint));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const content = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
      return Buffer.concat([content, decipher.final()]).toString();
    } catch {
      return undefined;
    }
  }
}

function boundTo({ tenant, agent, user }: Caller, endpoint: string): Buffer {
  return Buffer.from(JSON.stringify([tenant, agent, user, endpoint]));
}
