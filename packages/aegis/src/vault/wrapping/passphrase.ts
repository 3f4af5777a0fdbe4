import { randomBytes, scrypt } from 'node:crypto';
import { KEY_BYTES, openBox, sealBox } from '../box.ts';
import { vaultFault, type WrappedKey } from '../document.ts';
import type { WrappingKey } from './wrapping-key.ts';

/** What a guess costs: 128 MiB of memory, and about half a second of a processor of 2024. */
export const SCRYPT_COST = { n: 2 ** 17, r: 8, p: 1 } as const;

const SHORTEST = 12;

type Cost = Extract<WrappedKey, { readonly kind: 'passphrase' }>['cost'];

/** A key that is derived from words (scrypt, RFC 7914). `words` gives them, once for a new vault and once to open one. */
export function passphraseKey(
  name: string,
  words: () => Promise<string>,
  cost: Cost = SCRYPT_COST,
): WrappingKey {
  return {
    kind: 'passphrase',
    name,
    prepare: () => Promise.resolve(),
    async wrap(dataKey, context) {
      const passphrase = await words();
      if (passphrase.length < SHORTEST) {
        throw vaultFault(
          name,
          `a passphrase has at least ${SHORTEST} characters: the file can be guessed at for years`,
          'use five or more words that were chosen by chance',
        );
      }
      const salt = randomBytes(16);
      const key = await derive(passphrase, salt, cost);
      return {
        kind: 'passphrase',
        cost,
        salt: salt.toString('base64'),
        ...sealBox(key, dataKey, context),
      };
    },
    async unwrap(wrapped, context) {
      if (wrapped.kind !== 'passphrase') return undefined;
      const key = await derive(await words(), Buffer.from(wrapped.salt, 'base64'), wrapped.cost);
      return openBox(key, wrapped, context);
    },
  };
}

function derive(passphrase: string, salt: Buffer, { n, r, p }: Cost): Promise<Buffer> {
  const options = { N: n, r, p, maxmem: 256 * n * r };
  return new Promise((done, fail) => {
    // The same words are the same bytes, whichever keyboard they come from.
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => {
      if (error === null) done(key);
      else fail(error);
    });
  });
}
