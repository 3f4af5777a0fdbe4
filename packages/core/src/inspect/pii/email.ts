import type { PersonalData } from './personal-data.ts';

/**
 * E-mail addresses (RFC 5321 section 4.1.2, without address literals; RFC 6531), also those whose `@` is
 * percent-encoded, an HTML entity or escaped for a string.
 */
export function findEmails(text: string): readonly PersonalData[] {
  const found: PersonalData[] = [];
  const look = (at: number, length: number): void => {
    const start =
      startOfQuoted(text, at) ?? startOfLocalPart(text, at, isName) ?? startOfLocalPart(text, at, isAnyName);
    if (start === undefined) return;
    const end = endOfDomain(text, at + length, isName) ?? endOfDomain(text, at + length, isAnyName);
    if (end !== undefined) found.push({ kind: 'email', start, end });
  };
  if (text.includes('%40') || text.includes('&#') || text.includes('0040')) {
    for (const at of text.matchAll(AT)) look(at.index, at[0].length);
  } else {
    for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) look(at, 1);
  }
  return found;
}

const AT = /@|%40|&#(?:64|x40);|\\u0040/gi;

const LONGEST_LOCAL_PART = 64;
const LONGEST_DOMAIN = 253;

/** `"john doe"@example.com` */
function startOfQuoted(text: string, at: number): number | undefined {
  if (text[at - 1] !== '"' || text[at - 2] === '\\') return undefined;
  const limit = Math.max(0, at - LONGEST_LOCAL_PART - 2);
  for (let start = at - 2; start >= limit && text[start] !== '\n' && text[start] !== '\r'; start--) {
    if (text[start] === '"' && text[start - 1] !== '\\') return start < at - 2 ? start : undefined;
  }
  return undefined;
}

function startOfLocalPart(text: string, at: number, isPart: IsName): number | undefined {
  let start = at;
  const limit = Math.max(0, at - LONGEST_LOCAL_PART - 1);
  while (start > limit && isLocal(text.charCodeAt(start - 1), isPart)) start--;
  if (at - start > LONGEST_LOCAL_PART) return undefined;
  let local = text.slice(start, at);
  if (text[start - 1] === '\\' && ESCAPED_BREAK.test(local)) local = local.slice(1);
  const doubled = local.lastIndexOf('..');
  if (doubled !== -1) local = local.slice(doubled + 2);
  local = local.replace(LEADING_PUNCTUATION, '');
  if (local === '' || local.endsWith('.')) return undefined;
  return isUserInfo(text, at - local.length, local) ? undefined : at - local.length;
}

// `\n` of a text that was escaped for a string.
const ESCAPED_BREAK = /^[nrt]/;
const LEADING_PUNCTUATION = /^[.'%&-]+/;

/** `ssh://deploy@host`, `https://user:password@host` and `git@host:path` name a login on a machine. */
function isUserInfo(text: string, start: number, local: string): boolean {
  if (text.startsWith('//', start - 2)) return true;
  if (local === 'git') return true;
  if (text[start - 1] !== ':') return false;
  const authority = text.slice(Math.max(0, start - 1 - LONGEST_LOCAL_PART), start - 1);
  return USER_BEFORE_PASSWORD.test(authority);
}

const USER_BEFORE_PASSWORD = /\/\/[^\s/@:]*$/;

function endOfDomain(text: string, from: number, isPart: IsName): number | undefined {
  let end = from;
  const limit = Math.min(text.length, from + LONGEST_DOMAIN);
  while (end < limit && isPart(text.charCodeAt(end))) end++;
  const domain = text.slice(from, end);
  const doubled = domain.indexOf('..');
  const labels = (doubled === -1 ? domain : domain.slice(0, doubled)).split('.');
  if (NUMBERS.test(domain)) return undefined;
  // The name ends at the last label that a top-level domain can be: `example.com-old` at `com`.
  for (let last = labels.length - 1; last > 0; last--) {
    const label = labels[last] ?? '';
    const top = TOP_LEVEL.exec(label)?.[0];
    if (top === undefined || NOT_TOP_LEVEL.has(top.toLowerCase())) continue;
    const before = labels.slice(0, last);
    if (!before.every((name) => LABEL.test(name))) continue;
    return from + before.join('.').length + 1 + top.length;
  }
  return undefined;
}

// A version of a package: `left-pad@1.3.0`.
const NUMBERS = /^\d+\.\d+\./;
const LABEL = /^[^-].{0,62}$/;
const TOP_LEVEL = /^(?:xn--[a-z0-9-]{1,59}|\p{L}{2,63}(?![\p{L}\p{N}]))/iu;

// Endings of file and unit names after an `@`: `icon@2x.png`, `getty@tty1.service`.
const NOT_TOP_LEVEL: ReadonlySet<string> = new Set([
  'css',
  'gif',
  'html',
  'jpeg',
  'jpg',
  'js',
  'json',
  'md',
  'mjs',
  'png',
  'scope',
  'service',
  'slice',
  'socket',
  'svg',
  'target',
  'timer',
  'ts',
  'tsx',
  'webp',
  'yaml',
  'yml',
]);

type IsName = (code: number) => boolean;

function isLocal(code: number, isPart: IsName): boolean {
  return isPart(code) || code === 0x25 || code === 0x26 || code === 0x27 || code === 0x2b; // % & ' +
}

/** ASCII letters, digits, `.`, `-`, `_`, and the letters of Latin, Greek, Cyrillic and Armenian. */
function isName(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2e ||
    code === 0x2d ||
    code === 0x5f ||
    (code >= 0xc0 && code <= 0x58f && code !== 0xd7 && code !== 0xf7)
  );
}

/** Letters of every script: only where the ones above make no address, since not every script divides its words. */
function isAnyName(code: number): boolean {
  return isName(code) || (code >= FIRST_OF_OTHERS && LETTER.test(String.fromCharCode(code)));
}

const FIRST_OF_OTHERS = 0x590;
const LETTER = /[\p{L}\p{M}]/u;
