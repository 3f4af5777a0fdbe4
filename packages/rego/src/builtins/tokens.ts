import { textOfUtf8, utf8Bytes } from '../value/text.ts';
import { getKey, isObject, type ObjectValue, type Value } from '../value/value.ts';
import {
  array,
  boolean,
  type Builtin,
  BuiltinError,
  builtin,
  type HashFunctions,
  string,
} from './builtin.ts';
import { decodeBase64Url, hexOf } from './encoding.ts';
import { readJson } from './json.ts';

/** The three parts of a token in the compact form of RFC 7515. */
interface Token {
  readonly header: string;
  readonly payload: string;
  readonly signature: string;
}

function splitToken(text: string): Token {
  const [header, payload, signature, ...more] = text.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    throw new BuiltinError('encoded JWT must have 3 sections');
  }
  return { header, payload, signature };
}

function objectOf(text: string, what: string): ObjectValue {
  const value = readJson(text);
  if (!isObject(value)) throw new BuiltinError(`the ${what} of the JWT is no object`);
  return value;
}

/** Header, claims and signature of a token, which is not verified. */
function decodeToken(text: string): Value {
  const token = splitToken(text);
  const header = objectOf(textOfUtf8(decodeBase64Url(token.header)), 'header');
  if (getKey(header, 'enc') !== undefined)
    throw new BuiltinError('JWT is a JWE object, which is not supported');
  const payload = textOfUtf8(decodeBase64Url(token.payload));
  const contentType = getKey(header, 'cty');
  if (contentType !== undefined && typeof contentType !== 'string') {
    throw new BuiltinError('the content type of the JWT is no string');
  }
  // A token in a token stands in quotes.
  if (contentType === 'JWT') return decodeToken(payload.replace(/^["']+|["']+$/g, ''));
  const claims = objectOf(payload, 'payload');
  return [header, claims, hexOf(decodeBase64Url(token.signature))];
}

type Hmac = 'hmacSha256' | 'hmacSha384' | 'hmacSha512';

function verifier(name: string, needs: Hmac & keyof HashFunctions): Builtin {
  return builtin(
    name,
    [string, string],
    boolean,
    (text, secret, { hashes }) => {
      const { header, payload, signature } = splitToken(text);
      const wanted = hashes[needs]?.(utf8Bytes(secret), utf8Bytes(`${header}.${payload}`));
      const found = decodeBase64Url(signature);
      return wanted === undefined ? undefined : isSame(wanted, found);
    },
    needs,
  );
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

export const TOKENS: readonly Builtin[] = [
  builtin('io.jwt.decode', [string], array, (text, { meter }) => {
    meter.grow(text.length);
    return decodeToken(text);
  }),
  verifier('io.jwt.verify_hs256', 'hmacSha256'),
  verifier('io.jwt.verify_hs384', 'hmacSha384'),
  verifier('io.jwt.verify_hs512', 'hmacSha512'),
];
