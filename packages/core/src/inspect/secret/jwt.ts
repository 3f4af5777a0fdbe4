import { alphabet, textOfDigits } from '../text/decode/bits.ts';
import type { Secret } from './secret.ts';

/** JSON Web Tokens (RFC 7519) whose header says how they are signed. Takes time linear in the text. */
export function findJwts(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const match of text.matchAll(JWT)) {
    const [whole, header = '', payload = ''] = match;
    if (!HEADER.test(textOfDigits(header, DIGITS, 6))) continue;
    found.push({
      kind: 'jwt',
      start: match.index,
      end: match.index + whole.length,
      certainty: 'checked',
      example: PUBLISHED.test(textOfDigits(payload, DIGITS, 6)),
    });
  }
  return found;
}

// Linear: a dot is in none of the classes, and what is before a token is none of its characters.
const JWT =
  /(?:(?<![\w-])|(?<=\\[nrt]))((?:eyJ|ewo)[\w-]{10,2000})\.([\w-]{0,8000})\.(?:[\w-]{10,2000}|[\w-]{0,2000}\.[\w-]{1,4000}\.[\w-]{1,200})/g;
const HEADER = /"(?:alg|enc|typ)"\s?:/;
/** The token that the specification's site shows. */
const PUBLISHED = /"sub":"1234567890","name":"John Doe"/;
const DIGITS: ReadonlyMap<string, number> = new Map([
  ...alphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'),
  ['-', 62],
  ['_', 63],
]);
