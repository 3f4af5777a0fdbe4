import { entropyOf } from './entropy.ts';
import { isExampleValue, isFiller, isReference, namesResource } from './example-value.ts';
import { rarePairs } from './rare-pairs.ts';
import type { Secret } from './secret.ts';
import { isShortKey } from './short-keys.ts';
import { isWorded } from './worded.ts';
import { namesService } from './worded-services.ts';

/**
 * Values that are secrets by the name they are given: `DB_PASSWORD=...`, `"apiKey": "..."`,
 * `<token>...</token>`, `--token ...`. Takes time linear in the text: from each sign of assignment a bounded
 * number of characters is read in both directions.
 */
export function findAssigned(text: string): readonly Secret[] {
  const found: Secret[] = [];
  let reach = 0;
  for (const match of text.matchAll(SIGN)) {
    const at = match.index;
    if (at < reach) continue;
    const written = nameBefore(text, at);
    if (!TELLING.test(written)) continue;
    const inQuery = match[0] === '=' && QUERY.test(text.slice(Math.max(0, at - LONGEST_NAME - 1), at));
    const value = valueAfter(text, at + match[0].length, inQuery);
    if (value === undefined) continue;
    if (match[0] === ',' && !isArgument(text, at, value)) continue;
    const said = SAYS.test(written);
    const name = said ? written.replace(SAYS, '').replace(/ key$/i, ' api key') : written;
    // In prose only what is no word.
    if (said && !NO_WORD.test(value.text)) continue;
    if (name === '') continue;
    if (CALL.test(text.charAt(value.start + value.text.length))) continue;
    const verdict = judge(name, value, text);
    if (verdict === undefined) continue;
    const end = value.start + value.text.length;
    reach = inQuery ? end : end + (REST.exec(text.slice(end, end + LONGEST_VALUE))?.[0].length ?? 0);
    found.push({
      kind: 'assigned',
      start: value.start,
      end: reach,
      certainty: 'named',
      example: verdict === 'example',
    });
  }
  return found;
}

// Linear: one alternative of bounded length at each place.
const SIGN =
  /=>|:=|：|\|\||\?\?|[=:>,]|(?<=--[a-z-]{3,40}) |(?<=\b(?:token|key|secret|password)(?: for [\w.-]{2,30})? is) /gi;
/** What every name of a secret holds, to be done at once with all others. */
const TELLING = /pass|pw|psk|key|tok|secr|cred|auth|pat|senha|contrase|mot de|парол|密|パスワード|비밀/i;
/** What stands in no sentence as a word. */
const NO_WORD = /^(?=.{0,80}\d)(?:.{0,80}[A-Z]|[\w-]{20})/;
/** `The password is ...`. */
const SAYS = /(?: for [\w.-]{2,30})? is$/i;
const LONGEST_NAME = 64;
const SHORTEST_VALUE = 8;
const SHORTEST_QUOTED = 5;
/** What is called is a function of a program. */
const CALL = /\(/;
const LONGEST_VALUE = 512;
const GAP = /^[\s=]{0,8}(?:!!str |[|>][+-]?\s{1,12})?(?:[a-z]{0,2}(?:"""|'''|["'`])|\\["']|\[["'])?/i;
/** What stands between quotes, and holds no blank and no other quote. */
const QUOTED = /^[^\s"'`\\]{1,512}(?=["'`])/;
const VALUE = /^(?:[^\s"'`,;<>()[\]{}|\\=]{8,512}={0,2}|[^\s"'`,;<>()[\]{}|\\]{8,64})/;
/** The rest of a value that holds `=` itself. */
const REST = /^[^\s"'`,;<>()[\]{}|\\]{0,512}/;

/** A name in the query of a URL, where `&` ends the value. */
const QUERY = /[?&][\w.$-]{1,64}$/;
const PARAMETER_END = /[&#].*$/s;

interface Value {
  readonly text: string;
  readonly start: number;
  readonly quoted: boolean;
}

function valueAfter(text: string, from: number, inQuery: boolean): Value | undefined {
  const ahead = text.slice(from, from + LONGEST_VALUE + 8);
  const gap = GAP.exec(ahead)?.[0] ?? '';
  const quoted = /["'`]$/.test(gap);
  const rest = ahead.slice(gap.length);
  const whole = (quoted ? QUOTED.exec(rest)?.[0] : undefined) ?? VALUE.exec(rest)?.[0];
  const value = inQuery ? whole?.replace(PARAMETER_END, '') : whole;
  if (value === undefined || value.length < (quoted ? SHORTEST_QUOTED : SHORTEST_VALUE)) return undefined;
  return { text: value.replace(/[.:]$/, ''), start: from + gap.length, quoted };
}

/** Whether what stands behind a comma is an argument or a field, and not the next of a list. */
function isArgument(text: string, at: number, { start, quoted, text: value }: Value): boolean {
  if (text.slice(at, start).includes('\n')) return false;
  return quoted || (!value.includes('=') && /\d/.test(value) && !isWorded(value));
}

function nameBefore(text: string, at: number): string {
  let end = at;
  while (end > 0 && at - end < 10 && /[\s"'`\])\\:?>=!]/.test(text[end - 1] ?? '')) end--;
  let start = end;
  while (start > 0 && end - start < LONGEST_NAME && isNameLetter(text, start - 1)) start--;
  const name = text.slice(start, end);
  if (!VALUE_OF.test(name)) return name;
  const before = text.slice(Math.max(0, end - LONGEST_PAIR), end);
  return PAIR.exec(before)?.[1] ?? name;
}

function isNameLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < NAME_LETTERS.length ? NAME_LETTERS[code] === 1 : /\p{L}/u.test(text.charAt(at));
}

const NAME_LETTERS: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  Number(/[\w.$ -]/.test(String.fromCharCode(code))),
);

const LONGEST_PAIR = 160;
const VALUE_OF = /(?:^|\s)value$/i;
/** `<add key="Password" value="...">`, `{"name": "PASSWORD", "value": "..."}`, `- name: PASSWORD` and a line with its value. */
const PAIR = /\b(?:key|name)["']?\s{0,3}[=:]\s{0,3}["']?([\w.:-]{1,80})["']?[\s,]{1,24}["']?value$/i;

function judge(
  name: string,
  { text: value, start, quoted }: Value,
  text: string,
): 'secret' | 'example' | undefined {
  if (isReference(value) || PUBLIC.test(name) || NOT_A_VALUE.test(value) || PATTERN.test(value))
    return undefined;
  const password = PASSWORD.test(name);
  if (!password && !SECRET.test(name)) return undefined;
  if (FILE.test(name) || (!quoted && isIdentifier(value))) return undefined;
  const before = (): string => text.slice(Math.max(0, start - REACH), start);
  if (namesResource(before())) return undefined;
  const digits = /\d/.test(value);
  const letters = /[A-Za-z]/.test(value);
  if (!letters && (password || value.length < SHORTEST_DIGITS)) return undefined;
  if (!digits && !(password && quoted && (/[^\w]/.test(value) || isDrawn(value)))) return undefined;
  if (!password) {
    if (HASH_NAME.test(name) || isWorded(value)) return undefined;
    if (value.length < SHORTEST_KEY && !isStrong(value) && !isShortKey(before(), value)) return undefined;
    if (UUID.test(value) && BARE_KEY.test(name)) return undefined;
    // A path, a host, a version, a sentence.
    if (/^[a-z0-9-]+(?:[./:][a-z0-9_-]+)+$/.test(value) && !/\d[a-z]+\d/i.test(value)) return undefined;
  }
  const entropy = entropyOf(value);
  if (entropy < (password ? (value.length < SHORTEST_VALUE ? 2.2 : 2.5) : letters ? 3 : 2.6))
    return undefined;
  if (isExampleValue(value) || (password && COMMON.test(value))) return 'example';
  // Of a service that is named, what looks typed may be its key all the same.
  return isFiller(value) && !namesService(before()) ? 'example' : 'secret';
}

/** Whether a value is the name of something in a program; a password of words is shorter. */
function isIdentifier(value: string): boolean {
  return (IDENTIFIER.test(value) && !CHANGING.test(value)) || (value.length >= LONG_NAME && isWorded(value));
}

const LONG_NAME = 20;
/** Digits among letters, many times. */
const CHANGING = /(?:\d[a-z]{1,3}){4}/i;

/** Whether a short value is no word of any language: it has letters of both cases and digits among each other. */
function isStrong(value: string): boolean {
  return value.length >= SHORTEST_STRONG && CHANGES.every((change) => change.test(value));
}

/** Whether letters are no word, and stand in both cases. */
function isDrawn(value: string): boolean {
  return rarePairs(value) >= 2 && /[a-z][A-Z]|[A-Z]{2}[a-z]/.test(value);
}

const SHORTEST_STRONG = 10;
const CHANGES = [
  /\d[A-Za-z]/,
  /[A-Za-z]\d/,
  /[a-z]/,
  /[A-Z]/,
  /[a-z][A-Z0-9][a-z]|[A-Z][a-z0-9][A-Z]|\d[A-Za-z]\d/,
];
const SHORTEST_KEY = 15;
/** Numbers of things are shorter. */
const SHORTEST_DIGITS = 20;
const PASSWORD =
  /(?:(?<!by|buy|com|tres|sur|under|over)pass(?:word|wd|phrase|code)?|pwd|psk|(?<![a-z])pw|passwort|contraseña|senha|mot de passe|пароль|密码|密碼|パスワード|비밀번호)[\s"'_-]{0,3}\d{0,2}$/i;
const SECRET =
  /(?:api|access|auth|app|application|account|client|consumer|private|secret|service|signing|encryption|master|session|bearer|refresh|personal|admin|deploy|license|shared|storage|subscription|webhook|bot|oauth|user|integration|ingest|jwt|security|authorization|authentication|live|prod|production|server|developer|org|project)[\s_.-]{0,2}(?:key|token|secret|password|credential|cred|id[\s_-]?secret)s?(?:[_-](?:base|value|string|text|v?\d{1,2}|prod|live|dev|test|staging|old|new|primary|secondary))?\b|(?:[a-z0-9]|^|[\s_.-])(?:secret|token|apikey|credentials?|creds)[\s"'_-]{0,3}\d{0,2}$|(?:^|[a-z0-9_.-])_?(?:key|pat|auth)$/i;
const PUBLIC =
  /site[-_ ]?key|server[-_ ]?key$|recv-key|vapid|(?:next|page|paging|pagination|continuation|sync|resume|delta)[-_ ]?(?:page)?[-_ ]?token|public|publishable|\bgpg\b|\bpgp\b|fingerprint|thumbprint|key[-_ ]?id\b|keyid|primary|foreign|sort|partition|object|cache|row|idempotency|token(?:izer|s?[-_ ]?(?:count|limit|type|url|endpoint))|csrf|xsrf|authenticity|verification[-_ ]?token|viewstate/i;
/** `private-key.ts: <digest>`. */
const FILE = /\.(?:[cm]?[jt]sx?|py|go|rs|java|rb|php|c|h|md|json|ya?ml|toml|css|html)$/i;
const BARE_KEY =
  /(?:^|[\s"'.-]|(?<!api|access|secret|private|license|auth|client|account|service|integration|ingest|subscription|instrumentation)_)(?:key|auth|pat)[\s"']{0,2}$/i;
/** How far before a value the name of a service is looked for. */
const REACH = 88;
/** Passwords that stand in every list of them: nobody's secret. */
const COMMON = /^(?:pass(?:word|wd)?|admin|secret|test)\d{0,4}$/i;
const UUID = /^[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}$/i;
const HASH_NAME = /hash|sha\d|md5|checksum|digest|integrity|commit|revision|etag|uuid|guid/i;
/** What is built from parts, or describes many values. */
const PATTERN = /\$\{|\[[:^]?\w{1,12}[\]-]|\(\?[:=!<]|^:|^[a-z]+(?:\.[a-z]+)+$/;
/** Names in programs, not values: `codec.b16encode`, `standard_b64encode`, `Crc16Name`. */
const IDENTIFIER =
  /^_?[A-Za-z]\w{0,40}\.[A-Za-z_]\w{0,60}$|^[a-z]{2,}\d{0,2}(?:_(?:[a-z]{1,40}(?:\d{1,4}[a-z]{1,20})?|\d{1,4}[a-z]{1,20}))+$|^[A-Z][a-z]+\d{1,4}(?:[A-Z][a-z]+)+$/;
const NOT_A_VALUE =
  /^(?:pk\.eyJ|p[hk]c?_(?:live_|test_)?[A-Za-z0-9]{24,}$|[a-z][a-z0-9+.-]{1,20}:\/\/|[a-z]{2,12}:[\w.-]{1,40}\/|[?&]|arn:|\/|\.\/|[a-z]+\.[a-z]+\(|sha\d{1,3}[-:]|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|[a-z]+(?:[A-Z][a-z]+)+\d?$|[a-z]+(?:[_-][a-z]+)+\d?$|\d{4}-\d\d-\d\d|[\d.]{1,19}$|v?\d+\.\d+)/;
