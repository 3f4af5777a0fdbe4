import { randomBytes } from 'node:crypto';
import { KEY_BYTES, openBox, sealBox } from '../box.ts';
import { vaultFault } from '../document.ts';
import type { WrappingKey } from './wrapping-key.ts';

/** Where 32 random bytes are kept, as a text. */
export interface KeyPlace {
  readonly name: string;
  /** Undefined when there is none. */
  read(): Promise<string | undefined>;
  /** Keeps a new one; undefined where only people can put it there. */
  readonly make?: (text: string) => Promise<void>;
  /** What to do when there is none. */
  readonly missing: { readonly why: string; readonly help: string };
}

/** A key that is kept somewhere as a text: 32 bytes in base64 or in hexadecimal. */
export function rawKey(place: KeyPlace): WrappingKey {
  const key = async (): Promise<Uint8Array> => {
    const text = await place.read();
    if (text === undefined) throw vaultFault(place.name, place.missing.why, place.missing.help);
    return parseKey(text.trim(), place.name);
  };
  return {
    kind: 'key',
    name: place.name,
    async prepare() {
      if (place.make === undefined || (await place.read()) !== undefined) return;
      await place.make(`${randomBytes(KEY_BYTES).toString('base64')}\n`);
    },
    async wrap(dataKey, context) {
      return { kind: 'key', ...sealBox(await key(), dataKey, context) };
    },
    async unwrap(wrapped, context) {
      return wrapped.kind === 'key' ? openBox(await key(), wrapped, context) : undefined;
    },
  };
}

function parseKey(text: string, where: string): Uint8Array {
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
      ? Buffer.from(text, 'base64')
      : undefined;
  if (bytes?.length === KEY_BYTES) return bytes;
  // SECURITY: what stands there is not repeated, not even its length: it may be nearly the key.
  throw vaultFault(
    where,
    'it does not hold a key of 32 bytes in base64',
    'make one with `openssl rand -base64 32`, or use `passphrase` for words that a person remembers',
  );
}
