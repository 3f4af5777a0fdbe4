import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { isJsonObject, type JsonObject, parseExact } from '@aegis/core';
import type { Clock } from '../../ports.ts';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Beyond this nothing is ours, and is not looked at. */
const MAX_SEALED_CHARS = 8_192;

/**
 * Seals what Aegis will want to know again from a browser or a program, until a time, for one purpose.
 *
 * SECURITY: authenticated encryption, with a key for each purpose: what is good for one is nothing for another.
 */
export class Sealer {
  readonly #key: Uint8Array;
  readonly #clock: Clock;

  constructor(key: Uint8Array, purpose: string, clock: Clock) {
    this.#key = new Uint8Array(hkdfSync('sha256', key, '', `aegis sign-in: ${purpose}`, 32));
    this.#clock = clock;
  }

  seal(content: JsonObject, expiresAtMs: number): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES });
    const text = JSON.stringify({ ...content, until: expiresAtMs });
    return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
      'base64url',
    );
  }

  /** Undefined for what was not sealed for this, was changed, or is over. */
  open(sealed: string | undefined): JsonObject | undefined {
    if (sealed === undefined || sealed.length > MAX_SEALED_CHARS) return undefined;
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== sealed) return undefined;
    const decipher = createDecipheriv(CIPHER, this.#key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    try {
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
      const parsed = parseExact(text.toString());
      if (!parsed.ok || !isJsonObject(parsed.value)) return undefined;
      const { until } = parsed.value;
      return typeof until === 'number' && this.#clock.now() < until ? parsed.value : undefined;
    } catch {
      return undefined;
    }
  }
}
