import { alphabet, textOfDigits } from '../text/decode/bits.ts';
import { entropyOf } from './entropy.ts';
import { isFiller } from './example-value.ts';
import { type LetterPairs, mayHold } from './letter-pairs.ts';
import type { Secret } from './secret.ts';

/** Credentials of HTTP headers (RFC 7617, RFC 6750, RFC 6265). Takes time linear in the text. */
export function findAuthorization(text: string, pairs: LetterPairs, lower: string): readonly Secret[] {
  return [
    ...(SCHEMES.some((word) => mayHold(pairs, word) && lower.includes(word)) ? findHeaders(text) : []),
    ...(mayHold(pairs, 'cookie') && lower.includes('cookie') ? findCookies(text) : []),
  ];
}

function findHeaders(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const match of text.matchAll(HEADER)) {
    const [whole, scheme = '', value = ''] = match;
    const basic = scheme.toLowerCase() === 'basic';
    const login = basic ? USER_AND_PASSWORD.exec(textOfDigits(value, DIGITS, 6)) : null;
    if (basic && login === null) continue;
    if (!basic && (entropyOf(value) < LEAST_ENTROPY || !/\d/.test(value))) continue;
    const end = match.index + whole.length;
    const start = end - value.length;
    found.push({
      kind: 'authorization',
      start,
      end,
      certainty: basic ? 'checked' : 'named',
      example: isFiller(value) || PLACEHOLDER.test(login?.[1] ?? ''),
    });
  }
  return found;
}

function findCookies(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const match of text.matchAll(COOKIES)) {
    const [whole, cookies = ''] = match;
    const from = match.index + whole.length - cookies.length;
    for (const cookie of cookies.matchAll(SESSION_COOKIE)) {
      const [pair, value = ''] = cookie;
      if (entropyOf(value) < LEAST_ENTROPY || !/\d/.test(value)) continue;
      const end = from + cookie.index + pair.length;
      const example = isFiller(value);
      found.push({ kind: 'authorization', start: end - value.length, end, certainty: 'named', example });
    }
  }
  return found;
}

/** One of which stands before every credential of a header. */
const SCHEMES = ['authorization', 'basic', 'bearer', 'geniekey', 'ssws'];
const LEAST_ENTROPY = 3;
// Linear: fixed words, bounded blanks, one class with nothing after it.
const HEADER =
  /(?:\b|authorization["']?\s?[:=]\s{0,2}["']?)(basic|bearer|geniekey|ssws|(?<=authorization["']?\s?[:=]\s{0,2}["']?)(?:token|apikey|api-key|splunk|klaviyo-api-key|oauth|sso-key|deepl-auth-key|hawk|bot|key))[ =:]{1,3}([A-Za-z0-9+/_.~!-]{16,2000}={0,2}|(?<=basic )[A-Za-z0-9+/]{10,15}={0,2}(?![\w+/=]))/gi;
// Linear: a fixed word, then one class with nothing after it.
const COOKIES = /\b(?:set-)?cookie["']?: ?["']?([^\n"']{16,2000})/gi;
const SESSION_COOKIE =
  /(?:^|[;\s])[\w.-]{0,40}(?:sess(?:ion)?(?:[_-]?id)?|sid|auth|token|jwt|remember)[\w.-]{0,20}=([\w.%+/~-]{16,800})/gi;
/** Some services take their key as the user, and no password. */
const USER_AND_PASSWORD = /^(?:[\x20-\x7e]{1,200}:([\x20-\x7e]{1,200})|[\x21-\x7e]{6,200}:)$/;
const PLACEHOLDER = /^(?:pass(?:word|wd)?|pwd|secret|test)$/i;
const DIGITS = alphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
