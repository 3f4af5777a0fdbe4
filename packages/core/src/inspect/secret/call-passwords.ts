import { drawnness } from './drawn.ts';
import { entropyOf } from './entropy.ts';
import { isFiller, isReference } from './example-value.ts';
import { type LetterPairs, mayHold } from './letter-pairs.ts';
import type { Secret } from './secret.ts';

/**
 * Passwords that a program hands to a function, one of its arguments after the other:
 * `new NetworkCredential("ada", "...")`. Takes time linear in the text.
 */
export function findCallPasswords(text: string, pairs: LetterPairs): readonly Secret[] {
  const found: Secret[] = [];
  if (!text.includes('(')) return found;
  for (const match of text.matchAll(SETTER)) {
    const [whole, value = ''] = match;
    if (isReference(value) || !isMixed(value) || entropyOf(value) < LEAST_ENTROPY) continue;
    const end = match.index + whole.length;
    const example = isFiller(value);
    found.push({ kind: 'call_password', start: end - value.length, end, certainty: 'named', example });
  }
  const keyed = KEYED.some((word) => mayHold(pairs, word) && text.includes(word));
  for (const match of keyed ? text.matchAll(KEYED_CALL) : []) {
    const [whole, value = ''] = match;
    if (isReference(value) || drawnness(value) < LEAST_DRAWN) continue;
    const end = match.index + whole.length;
    found.push({
      kind: 'call_password',
      start: end - value.length,
      end,
      certainty: 'named',
      example: isFiller(value),
    });
  }
  for (const match of text.matchAll(CALL)) {
    const end = match.index + match[0].length;
    const rest = text.slice(end, end + LONGEST);
    const value = LITERALS.exec(rest)?.[1];
    if (value === undefined || isReference(value) || !isMixed(value) || entropyOf(value) < LEAST_ENTROPY)
      continue;
    const start = end + rest.indexOf(value, rest.search(/["'][\s,]/));
    const example = isFiller(value);
    found.push({ kind: 'call_password', start, end: start + value.length, certainty: 'named', example });
  }
  return found;
}

/** `setPassword("...")`. */
const SETTER =
  /\b(?:set|with)_?(?:pass(?:word|phrase)|api_?key|secret|(?:access|auth)_?token)\(\s?["']([^\s"']{6,200})(?=["']\))/gi;
/** One of which stands in every such call. */
const KEYED = [
  '.login(',
  '.run(',
  'jwt.',
  'Hmac',
  'hmac.',
  'HMAC',
  'Fernet',
  'pheriv',
  'KeySpec',
  'SecurityKey',
  'AES.new',
];
/** `jwt.sign(payload, "...")`, `createHmac('sha256', '...')`, `Fernet(b"...")`. */
const KEYED_CALL =
  /\b(?:(?:client|bot)\.(?:login|run)|jwt\.(?:sign|encode|verify|decode)|create(?:Hmac|Cipheriv|Decipheriv)|hmac\.new|Fernet|HMAC\w{0,8}|SecretKeySpec|SymmetricSecurityKey|AES\.new)\(\s?(?:["'][\w-]{2,16}["'],\s?|[^()"'\n]{1,80},\s?)?\w{0,2}["']([^\s"']{10,200})(?=["'])/g;
const LEAST_DRAWN = 4;
// Linear: fixed words and bounded gaps.
const CALL =
  /\b(?:NetworkCredential|UsernamePasswordCredentials|PasswordAuthentication|PasswordCredential|PSCredential|HTTP(?:Basic|Digest)Auth|set_?basic_?auth|basic_?auth|DirectoryEntry|OpenDSObject|getConnection|mysqli?(?:_connect)?|pg_connect|PDO|login|authenticate|db\.auth|auth\s?=)\s?\(/gi;
/** Literals, of which the last one is the password; what stands before them may be anything that is no bracket. */
const LITERALS = /^[^()"'\n]{0,80}(?:["'][^"'\n]{1,120}["']\s?,\s?){1,3}["']([^\s"']{5,80})["']/;
const LONGEST = 480;
const LEAST_ENTROPY = 2.5;

function isMixed(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value) && !value.includes('://');
}
