import { alphabet, textOfDigits } from '../text/decode/bits.ts';
import { entropyOf } from './entropy.ts';
import { isExampleValue } from './example-value.ts';
import type { Secret } from './secret.ts';

/**
 * Credentials in base64 (RFC 4648) that are known by what they decode to: private keys, JSON Web Tokens, the
 * `auth` of Docker, the values of a Secret of Kubernetes. Takes time linear in the text.
 */
export function findEncoded(text: string): readonly Secret[] {
  return [...findKeys(text), ...findTokens(text), ...findLogins(text), ...findManifests(text)];
}

function decoded(digits: string): string {
  return textOfDigits(digits, DIGITS, 6);
}

function findKeys(text: string): readonly Secret[] {
  if (!text.includes('LS0tLS1CRUdJTi')) return NOTHING;
  return Array.from(text.matchAll(PEM)).flatMap(({ 0: whole, index }) =>
    /^-----BEGIN [A-Z0-9 ]{0,24}PRIVATE KEY/.test(decoded(whole.slice(0, HEAD)))
      ? [
          {
            kind: 'private_key',
            start: index,
            end: index + whole.length,
            certainty: 'checked',
            example: false,
          },
        ]
      : [],
  );
}

function findTokens(text: string): readonly Secret[] {
  if (!text.includes('ZXlK')) return NOTHING;
  return Array.from(text.matchAll(TOKEN)).flatMap(({ 0: whole, index }) =>
    JOSE.test(decoded(decoded(whole.slice(0, HEAD))))
      ? [{ kind: 'jwt', start: index, end: index + whole.length, certainty: 'checked', example: false }]
      : [],
  );
}

function findLogins(text: string): readonly Secret[] {
  if (!text.includes('auth')) return NOTHING;
  return Array.from(text.matchAll(LOGIN)).flatMap(({ 0: whole, 1: value = '', index }) => {
    const login = decoded(value);
    if (!/^[\x21-\x7e]{1,100}:[\x20-\x7e]{3,400}$/.test(login)) return [];
    const end = index + whole.length;
    const example = isExampleValue(login.slice(login.indexOf(':') + 1));
    return [{ kind: 'registry_login', start: end - value.length, end, certainty: 'checked', example }];
  });
}

function findManifests(text: string): readonly Secret[] {
  const kinds = Array.from(text.matchAll(KIND), ({ index }) => index);
  if (kinds.length === 0) return NOTHING;
  const found: Secret[] = [];
  let reach = 0;
  let next = 0;
  for (const data of text.matchAll(DATA)) {
    const start = data.index + data[0].length;
    while ((kinds[next] ?? Number.POSITIVE_INFINITY) < start - REACH) next++;
    if (start < reach || (kinds[next] ?? Number.POSITIVE_INFINITY) > start + REACH) continue;
    const block = text.slice(start, start + REACH);
    const until = block.search(/\n---|\n\S/);
    reach = start + (until === -1 ? block.length : until);
    for (const match of text.slice(start, reach).matchAll(VALUE)) {
      const [whole, value = ''] = match;
      if (value.length % 4 === 1 || entropyOf(value) < LEAST_ENTROPY || !/[A-Z0-9=]/.test(value)) continue;
      const end = start + match.index + whole.length;
      const plain = decoded(value);
      const example = PRINTABLE.test(plain) && isExampleValue(plain);
      found.push({ kind: 'kubernetes.secret', start: end - value.length, end, certainty: 'named', example });
    }
  }
  return found;
}

const NOTHING: readonly Secret[] = [];
/** So many digits say what the rest of them is. */
const HEAD = 96;
const REACH = 2000;
const LEAST_ENTROPY = 2.5;
const PRINTABLE = /^[\x20-\x7e]+$/;
// Linear: a fixed word, then one class with nothing after it.
const PEM = /LS0tLS1CRUdJTi[\w+/=-]{40,20000}/g;
const TOKEN = /(?<![\w+/-])ZXlK[\w+/-]{37,8000}={0,2}/g;
/** Names of a header that is signed or encrypted (RFC 7515, RFC 7516). */
const JOSE =
  /^\{"(?:alg|apu|apv|aud|b64|crit|cty|epk|enc|jku|jwk|iss|iv|kid|key_ops|kty|nonce|p2c|p2s|ppt|sub|svt|tag|typ|url|use|ver|version|x|x5c|x5t|x5t#S256|x5u|zip)"/;
const LOGIN = /"auth\\?"\s{0,4}:\s{0,4}\\?"([A-Za-z0-9+/]{8,800}={0,2})(?=\\?")/g;
const KIND = /\bkind["']?\s{0,4}:\s{0,4}["']?secret\b/gi;
const DATA = /\bdata["']?\s{0,2}:/gi;
const VALUE =
  /["']?[\w.-]{1,80}["']?\s{0,4}:\s{1,4}(?:[|>]-?\s{1,12})?["']?([A-Za-z0-9+/]{8,4000}={0,3})(?![\w+/=])/g;
const DIGITS: ReadonlyMap<string, number> = new Map([
  ...alphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
  ['-', 62],
  ['_', 63],
]);
