import { entropyOf } from './entropy.ts';
import { isFiller, isReference } from './example-value.ts';
import { type LetterPairs, mayHold } from './letter-pairs.ts';
import type { Secret } from './secret.ts';
import { isWorded } from './worded.ts';

/**
 * Credentials on command lines of curl: its `-u`, and headers that are there for one, however short they are. Takes
 * time linear in the text: each command is read up to the next one, and no further than a bound.
 */
export function findCurlCredentials(text: string, pairs: LetterPairs): readonly Secret[] {
  if (!mayHold(pairs, 'curl')) return NOTHING;
  const found: Secret[] = [];
  const commands = Array.from(text.matchAll(COMMAND), ({ index }) => index);
  for (const [nth, index] of commands.entries()) {
    const command = text.slice(index, Math.min(index + REACH, commands[nth + 1] ?? text.length));
    for (const match of command.matchAll(USER)) {
      const [whole] = match;
      const login = match[1] ?? match[2] ?? match[3] ?? '';
      const from = index + match.index + whole.lastIndexOf(login);
      const secret = passwordOf(login, from);
      if (secret !== undefined) found.push(secret);
    }
    for (const match of command.matchAll(HEADER)) {
      const [whole, value = ''] = match;
      if (isReference(value) || !MIXED.test(value) || isWorded(value) || CAPITALS.test(value)) continue;
      const end = index + match.index + whole.length;
      const example = isFiller(value) || entropyOf(value) < LEAST_ENTROPY;
      found.push({ kind: 'authorization', start: end - value.length, end, certainty: 'named', example });
    }
  }
  return found;
}

/** Some services take their key as the user, and no password. */
function passwordOf(login: string, from: number): Secret | undefined {
  const colon = login.indexOf(':');
  if (colon === -1 || login.startsWith('://', colon)) return undefined;
  const alone = colon === login.length - 1;
  const written = alone ? login.slice(0, colon) : login.slice(colon + 1);
  const password = written.replace(/^["']|["']$/g, '');
  if (password.length < (alone ? SHORTEST_USER : SHORTEST) || isReference(password)) return undefined;
  const start = from + (alone ? 0 : colon + 1 + written.indexOf(password));
  const end = start + password.length;
  const example =
    isFiller(password) ||
    COMMON.test(password) ||
    CAPITALS.test(password) ||
    entropyOf(password) < LEAST_USER_ENTROPY;
  return { kind: 'authorization', start, end, certainty: 'named', example };
}

const NOTHING: readonly Secret[] = [];
const REACH = 800;
const SHORTEST = 3;
const SHORTEST_USER = 5;
const LEAST_ENTROPY = 2.5;
const LEAST_USER_ENTROPY = 1.5;
const COMMAND = /\bcurl\b/gi;
// Linear: fixed words, bounded blanks, one class with nothing after it.
const USER =
  /\s(?:-[A-Za-z]{0,8}u|--(?:proxy-)?user)(?:=|[ \t]{0,5})(?:"([^"\n]{3,200})"|'([^'\n]{3,200})'(?!:)|((?:'[^'\n]{2,80}'|[\w.@+-]{0,80}):(?:'[^'\n]{3,120}'|"[^"\n]{3,120}"|[^\s"'`]{1,120}|(?=\s))))/g;
const HEADER =
  /\s(?:-H|--header)(?:=|[ \t]{0,5})["']?(?:authorization: {0,5}(?:basic |bearer |(?:api-?)?token )?|(?:x-(?:[a-z]{1,20}-)?)?(?:api-?)?(?:key|token): {0,5})([\w=~@.+/-]{8,400})(?=["'\s\\]|$)/gi;
const MIXED = /\d[A-Za-z]|[A-Za-z]\d|[a-z][A-Z]{1,3}[a-z]/;
/** A place to fill in: `YOUR_TOKEN`. */
const CAPITALS = /^[A-Z]+(?:_[A-Z0-9]+)*$/;
/** What documents write: `username:api_key`. */
const COMMON =
  /^[a-z]+(?:[_-][a-z]+){1,2}$|^(?:pass(?:word|wd)?|pwd|pw|secret|user(?:name)?|test|admin|token|x+|changeme|api|key|foo|bar)$/i;
