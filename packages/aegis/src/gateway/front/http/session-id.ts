import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Caller } from '../../../enforce/door.ts';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const NAME_BYTES = 16;

/** Characters of a sealed id: base64url of all its bytes. */
const LENGTH = Math.ceil(((IV_BYTES + NAME_BYTES + TAG_BYTES) * 4) / 3);

/**
 * Session ids as clients hold them: the name of a session, sealed for its caller and its endpoint. The key lives
 * as long as the process, as the sessions do.
 *
 * SECURITY: authenticated encryption. An id that was forged or changed, or that another caller or another endpoint
 * brings, does not open, and takes as long as any other: no session is looked for by what a stranger sent.
 */
export class SessionIds {
  readonly #key = randomBytes(32);

  /** A new name, and the id that its client is given. */
  issue(caller: Caller, endpoint: string): { readonly name: string; readonly id: string } {
    const iv = randomBytes(IV_BYTES);
    const name = randomBytes(NAME_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(caller, endpoint));
    const sealed = Buffer.concat([iv, cipher.update(name), cipher.final(), cipher.getAuthTag()]);
    return { name: name.toString('base64url'), id: sealed.toString('base64url') };
  }

  /** The name in an id; undefined when it was not issued to this caller at this endpoint. */
  open(id: string, caller: Caller, endpoint: string): string | undefined {
    if (id.length !== LENGTH) return undefined;
    const bytes = Buffer.from(id, 'base64url');
    // One text for each id: what decoders skip would make many of one.
    if (bytes.toString('base64url') !== id) return undefined;
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    try {
      decipher.setAAD(boundTo(caller, endpoint));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const name = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES));
      return Buffer.concat([name, decipher.final()]).toString('base64url');
    } catch {
      return undefined;
    }
  }
}

function boundTo({ tenant, agent, user }: Caller, endpoint: string): Buffer {
  return Buffer.from(JSON.stringify([tenant, agent, user, endpoint]));
}
