import { isExampleValue, isReference } from './example-value.ts';
import { type LetterPairs, mayHold } from './letter-pairs.ts';
import type { Secret } from './secret.ts';

/** Passwords in URLs and connection strings (RFC 3986 section 3.2.1). Takes time linear in the text. */
export function findUrlPasswords(text: string, pairs: LetterPairs): readonly Secret[] {
  const found: Secret[] = [];
  if (!text.includes('@') || (!mayHold(pairs, '://') && !mayHold(pairs, 'jdbc:oracle'))) return found;
  for (const match of text.matchAll(USER_INFO)) {
    const [whole, before = '', password = ''] = match;
    const start = match.index + before.length;
    const end = start + password.length;
    if (isReference(password) || TEMPLATE.test(password)) continue;
    found.push({
      kind: 'url_password',
      start,
      end,
      certainty: 'shaped',
      example:
        isExampleValue(password) ||
        COMMON.test(password) ||
        isNameOf(before, password) ||
        /@(?:example\.|\.\.\.)/.test(whole),
    });
  }
  if (!mayHold(pairs, 'jdbc:oracle')) return found;
  for (const { 0: whole, 1: password = '', index } of text.matchAll(ORACLE)) {
    if (isReference(password) || TEMPLATE.test(password)) continue;
    const end = index + whole.length - 1;
    const example = isExampleValue(password) || COMMON.test(password) || password === 'tiger';
    found.push({ kind: 'url_password', start: end - password.length, end, certainty: 'shaped', example });
  }
  return found;
}

/** `jdbc:oracle:thin:scott/tiger@host`. */
const ORACLE = /\bjdbc:oracle:\w{3,8}:[\w$#]{1,60}\/([^\s@"'/]{3,100})@/gi;

/** Whether the password is the user once more, or the service: `amqp://guest:guest@`, `mongodb://app:mongodb@`. */
function isNameOf(before: string, password: string): boolean {
  const [service = '', user = ''] = before.toLowerCase().slice(0, -1).split('://');
  return [service, user].includes(password.toLowerCase());
}

// Linear: a scheme, a name and a password, of bounded lengths, divided by what is in none of them.
const USER_INFO =
  /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/?#@"'`<>]{0,120}:)([^\s:/?#@"'`<>]{3,160})@[\w.[-]{1,200}/gi;
const TEMPLATE = /^[<{[%]|[>}\]]$/;
const COMMON =
  /^(?:pass(?:word|wd)?|pwd|secret|user(?:name)?|test|admin|root|postgres|mysql|guest|token|key|foo|bar|hunter2|mypass(?:word)?|some[-_]?pass(?:word)?|db_?pass(?:word)?)$/i;
