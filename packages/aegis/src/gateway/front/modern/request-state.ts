import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { canonicalJson, type JsonObject } from '@aegis/core';
import type { Caller } from '../../../enforce/door.ts';

/** What a state is good for: any other use of it fails. */
export interface StateBinding {
  readonly caller: Caller;
  /** The session of the run. */
  readonly session: string;
  readonly method: string;
  /** The name or URI, and the arguments, as the client gave them. */
  readonly request: JsonObject;
}

/** What we need to know when the client comes back with its answers. */
export type SealedState =
  /** The server is asked again, with the answers and its own state. */
  | {
      readonly kind: 'again';
      readonly server: string;
      /** The questions that were released. */
      readonly keys: readonly string[];
      readonly requestState: string | undefined;
    }
  /** The server still waits, in this round of this call. */
  | { readonly kind: 'held'; readonly call: string; readonly round: number }
  /** A person is asked; the call is made anew, and rests on the answer. */
  | { readonly kind: 'approval' };

interface Sealed {
  readonly state: SealedState;
  /** By the clock of `StateSeals`. */
  readonly expiresAtMs: number;
}

export interface OpenedState extends Sealed {
  /** Unique to this sealing. */
  readonly nonce: string;
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The longest text that is worth a try: longer than the longest state that we seal. */
const MAX_CHARS = 1024 * 1024;

/**
 * Seals and opens what travels through a client between two of its requests (MCP 2026-07-28, `requestState`).
 * The key lives as long as the process: after a restart every state is refused, and its call begins anew.
 *
 * SECURITY: authenticated encryption bound to the caller, the run, the method, the name and the arguments. A
 * state that was changed, that another caller brings, or that comes with another request does not open,
 * and nobody can tell which it was.
 */
export class StateSeals {
  readonly #key = randomBytes(32);
  readonly #lifeMs: number;
  readonly #now: () => number;

  /** `now` is any clock that only goes forward, in milliseconds. */
  constructor(lifeMs: number, now: () => number = () => performance.now()) {
    this.#lifeMs = lifeMs;
    this.#now = now;
  }

  seal(binding: StateBinding, state: SealedState): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(boundTo(binding));
    const sealed: Sealed = { state, expiresAtMs: this.#now() + this.#lifeMs };
    const text = JSON.stringify(sealed);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
  }

  /** Undefined for what is not a state of ours for this very request, or is too old. */
  open(binding: StateBinding, text: string): OpenedState | undefined {
    if (text.length > MAX_CHARS) return undefined;
    const bytes = Buffer.from(text, 'base64url');
    // One text for each state: what decoders skip would make many of one.
    if (bytes.length <= IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== text) return undefined;
    const iv = bytes.subarray(0, IV_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#key, iv, { authTagLength: TAG_BYTES });
    let plain: string;
    try {
      decipher.setAAD(boundTo(binding));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      const body = decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES));
      plain = Buffer.concat([body, decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
    // What decrypts is what we sealed, and needs no checking.
    const { state, expiresAtMs } = JSON.parse(plain) as Sealed;
    return expiresAtMs < this.#now() ? undefined : { state, nonce: iv.toString('base64url'), expiresAtMs };
  }
}

function boundTo({ caller: { tenant, agent, user }, session, method, request }: StateBinding): Buffer {
  return Buffer.from(canonicalJson([tenant, agent, user, session, method, request]));
}
