import { alphabet, textOfDigits } from '../text/decode/bits.ts';
import { entropyOf } from './entropy.ts';
import { isExampleValue, isReference } from './example-value.ts';
import type { Secret } from './secret.ts';

/** Credentials of HTTP headers (RFC 7617, RFC 6750, RFC 6265) and of `curl -u`. Takes time linear in the text. */
export function findAuthorization(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const match of text.matchAll(HEADER)) {
    const [whole, scheme = '', value = ''] = match;
    const basic = scheme.toLowerCase() === 'basic';
    if (basic && !USER_AND_PASSWORD.test(textOfDigits(value, DIGITS, 6))) continue;
    if (!basic && (entropyOf(value) < LEAST_ENTROPY || !/\d/.test(value))) continue;
    const end = match.index + whole.length;
    const start = end - value.length;
    found.push({
      kind: 'authorization',
      start,
      end,
      certainty: basic ? 'checked' : 'named',
      example: isExampleValue(value),
    });
  }
  for (const match of text.matchAll(COOKIES)) {
    const [whole, cookies = ''] = match;
    const from = match.index + whole.length - cookies.length;
    for (const cookie of cookies.matchAll(SESSION_COOKIE)) {
      const [pair, value = ''] = cookie;
      if (entropyOf(value) < LEAST_ENTROPY || !/\d/.test(value)) continue;
      const end = from + cookie.index + pair.length;
      const example = isExampleValue(value);
      found.push({ kind: 'authorization', start: end - value.length, end, certainty: 'named', example });
    }
  }
  for (const match of text.matchAll(CURL_USER)) {
    const [whole, value = ''] = match;
    if (!text.slice(Math.max(0, match.index - COMMAND_REACH), match.index).includes('curl')) continue;
    const password = value.slice(value.indexOf(':') + 1);
    if (isReference(password) || password.length < SHORTEST_PASSWORD) continue;
    const end = match.index + whole.length;
    const example = isExampleValue(value) || entropyOf(password) < LEAST_PASSWORD_ENTROPY;
    found.push({ kind: 'authorization', start: end - password.length, end, certainty: 'named', example });
  }
  return found;
}

const LEAST_ENTROPY = 3;
const LEAST_PASSWORD_ENTROPY = 2;
const SHORTEST_PASSWORD = 4;
// Linear: fixed words, bounded blanks, one class with nothing after it.
const HEADER =
  /(?:\b|authorization["']?\s?[:=]\s{0,2}["']?)(basic|bearer|(?<=authorization["']?\s?[:=]\s{0,2}["']?)(?:token|apikey|api-key|splunk|klaviyo-api-key|geniekey|ssws|hawk|bot|key))[ =:]{1,3}([A-Za-z0-9+/_.~-]{16,2000}={0,2})/gi;
const CURL_USER = /\s(?:-u|--user)[ =]{0,2}["']?([\w.@+-]{0,80}:[^\s"'`]{1,120})/g;
// Linear: a fixed word, then one class with nothing after it.
const COOKIES = /\b(?:set-)?cookie["']?: ?["']?([^\n"']{16,2000})/gi;
const SESSION_COOKIE =
  /(?:^|[;\s])[\w.-]{0,40}(?:sess(?:ion)?(?:[_-]?id)?|sid|auth|token|jwt|remember)[\w.-]{0,20}=([\w.%+/~-]{16,800})/gi;
const COMMAND_REACH = 200;
const USER_AND_PASSWORD = /^[\x20-\x7e]{1,200}:[\x20-\x7e]{1,200}$/;
const DIGITS = alphabet('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
