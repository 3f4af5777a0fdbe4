import { drawnness } from './drawn.ts';
import { entropyOf } from './entropy.ts';
import { isExampleValue, isFiller, namesResource } from './example-value.ts';
import { type KeyName, keyNameOf } from './key-names.ts';
import { linkBefore, upTo } from './key-link.ts';
import type { Runs } from './number-runs.ts';
import type { Secret } from './secret.ts';
import { isWorded } from './worded.ts';
import { namesService } from './worded-services.ts';

/**
 * Values that look drawn at random directly behind the name of a key, in whatever syntax: `[license key] ...`,
 * `` the access token `...` ``, `setSalt("...")`, a cell of a table. Takes time linear in the text: for each run of letters
 * and digits a bounded number of characters before it is read.
 */
export function findKeyed(text: string, runs: Runs): readonly Secret[] {
  const found: Secret[] = [];
  for (let i = 0; i < runs.length; i += 2) {
    const secret = keyedAt(text, runs[i] ?? 0, runs[i + 1] ?? 0);
    if (secret !== undefined) found.push(secret);
  }
  return found;
}

/** Passwords may be shorter than keys. */
const SHORTEST_PASSWORD = 8;
const SHORTEST_KEY = 9;

function keyedAt(text: string, from: number, until: number): Secret | undefined {
  const escaped = ESCAPES.has(text.charAt(from - 1));
  // `%3D` is a sign that is written in a URL, `\n` a line break in a string.
  const start = escaped ? from + (text.charAt(from - 1) === '%' ? 2 : 1) : from;
  const link = linkBefore(text, callBefore(text, start));
  const says = link === undefined ? undefined : keyNameOf(link.name);
  if (link === undefined || says === undefined) return namedAfter(text, start, until);
  const written = text.slice(start, until).replace(TAIL, '');
  const password = says === 'password' && isPassword(written, link.tight);
  const value = password ? written : upTo(written, SYMBOLS).replace(TAIL, '');
  if (
    value.length < (says === 'password' ? SHORTEST_PASSWORD : SHORTEST_KEY) ||
    (says === 'likely' && value.length > LONGEST_LIKELY)
  )
    return undefined;
  const end = start + value.length;
  if (text[end] === '(') return undefined;
  const before = text.slice(Math.max(0, start - REACH), start);
  if (NUMERIC.test(value) ? !namesService(before) : !password && !isDrawn(value, leastOf(says, link.tight)))
    return undefined;
  if (namesResource(before)) return undefined;
  const padding = PADDING.exec(text.slice(end, end + 2))?.[0].length ?? 0;
  const example = isExampleValue(value) || (isFiller(value) && !namesService(before));
  const certainty = says === 'likely' ? 'likely' : 'named';
  return { kind: 'assigned', start, end: end + padding, certainty, example };
}

/** Where a call begins that makes the value something else, and is assigned: `key = hex.DecodeString("...")`. */
function callBefore(text: string, start: number): number {
  if (!QUOTES.has(text.charAt(start - 1))) return start;
  const call = CALL.exec(text.slice(Math.max(0, start - LONGEST_CALL), start))?.[1];
  return call === undefined ? start : start - call.length;
}

const QUOTES: ReadonlySet<string> = new Set(['"', "'", '`']);
const LONGEST_CALL = 64;
const CALL = /[=:]\s{0,2}((?:new |await |\[\])?[A-Za-z][\w.]{0,40}\(\s?[a-z]?["'`])$/;

/** `... is the token for staging`, `paste ... when it asks for the key`. */
function namedAfter(text: string, start: number, until: number): Secret | undefined {
  const after = text.slice(until, until + REACH);
  const used = USED_AS.test(after);
  if (!used && (until - start < SHORTEST_AFTER || !NAME_AFTER.test(after))) return undefined;
  const value = upTo(text.slice(start, until), SYMBOLS).replace(TAIL, '');
  if (value.length < (used ? SHORTEST_KEY : SHORTEST_AFTER) || HEX.test(value)) return undefined;
  if (!isDrawn(value, used ? LEAST_USED : LEAST_AFTER)) return undefined;
  return { kind: 'assigned', start, end: start + value.length, certainty: 'named', example: isFiller(value) };
}

const SHORTEST_AFTER = 14;
const LEAST_AFTER = 8;
const LEAST_USED = 5;
/** `... as the password`. */
const USED_AS =
  /^["'`]? (?:as |(?:as|for|is) (?:the |a |my |our |your ))(?:new |temporary |\w{2,12} )?(?:api key|key|token|password|passphrase|secret|credential)\b/;
const HEX = /^(?:[a-f0-9-]+|[A-F0-9-]+)$/;
const NAME_AFTER =
  /^["'`)]{0,2}(?:[ ,]{1,2}[a-z']{1,10}){0,6} (?:(?:api|access|secret|auth|private) ?keys?|tokens?|passwords?|passphrase|credentials?|PAT)\b/;

/** Whether a value holds what those who ask for passwords demand: letters of both cases, digits and signs. */
function isPassword(value: string, tight: boolean): boolean {
  if (!tight || ADDRESS.test(value) || NO_KEY.test(value)) return false;
  return DEMANDED.every((characters) => characters.test(value));
}

/** Addresses of mail, queries of URLs, variables. */
const ADDRESS = /[\w.+-]@[\w-]+\.\w|[?&][\w-]+$|^\$|\$\w*$|%[0-9A-F]{2}/;
const DEMANDED = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9./_-]/];
const SYMBOLS = /[!@#$%^&*?]/;
const ESCAPES: ReadonlySet<string> = new Set(['\\', '%']);
/** How far before a value the name of a service is looked for. */
const REACH = 88;
/** What is only called a key, and is longer, is a signature, or data. */
const LONGEST_LIKELY = 48;
const TAIL = /[-_./+~?]{1,3}$/;
const PADDING = /^=*/;
const NUMERIC = /^(?:\d{12,64}|\d{8}(?:-\d{4}){3}-\d{12})$/;
const LEAST_ENTROPY = 2.6;
const UUID = /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/i;
/** Dates, versions and addresses of memory, names of files and hosts, names of objects that services hold. */
const NO_KEY =
  /^(?:pk\.eyJ|phc_)|^0x[a-fA-F0-9]{1,16}$|^\d[\d.:TZ+-]+$|^v?\d+\.\d+|^\d{4}-\d\d-\d\d|\.(?:[cm]?[jt]sx?|py|go|md|json|ya?ml|com|org|net|io|html|png|svg|css|txt|log|pem|crt)$|^(?!SK|AC)[A-Z]{2}[a-f0-9]{32}$|^[a-z]{2,8}_[A-Za-z0-9]{14,60}$|^[56][a-f0-9]{23}$|^[CDGTUW]0[A-Z0-9]{7,9}$|^t[1-6]_[a-z0-9]{4,10}$/;

function isDrawn(value: string, least: number): boolean {
  if (NO_KEY.test(value) || UUID.test(value)) return false;
  if (value.includes('/') && !(value.length >= 24 && /[A-Z]/.test(value) && /[a-z]/.test(value)))
    return false;
  return drawnness(value) >= least && entropyOf(value) >= LEAST_ENTROPY && !isWorded(value);
}

/** How much of a value must look drawn behind such a name. */
function leastOf(says: KeyName, tight: boolean): number {
  if (says === 'likely') return tight ? 5 : 7;
  return tight ? 4 : 5;
}
