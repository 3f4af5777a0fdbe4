import ipaddr from 'ipaddr.js';
import type { PersonalData } from './personal-data.ts';
import { wordsBefore } from './surroundings.ts';

/**
 * IPv4 and IPv6 addresses that can stand for a person or a machine. Loopback and unspecified addresses and
 * netmasks stand for none and are left, as are versions and section numbers that only look like an address.
 */
export function findIpAddresses(text: string, label: string): readonly PersonalData[] {
  const found: PersonalData[] = [];
  if (LIKE_IPV4.test(text)) {
    for (const match of text.matchAll(IPV4)) {
      const [address] = match;
      const start = match.index;
      if (NOBODY_V4.test(address) || isVersion(text, start, address, label)) continue;
      found.push({ kind: 'ip', start, end: start + address.length });
    }
  }
  if (mayHoldV6(text) && LIKE_IPV6.test(text)) {
    for (const match of text.matchAll(IPV6)) {
      const address = match[0].replace(PUNCTUATION, '');
      const end = match.index + address.length;
      if (!LIKE_IPV6.test(address) || !isRoutableV6(address)) continue;
      found.push({ kind: 'ip', start: match.index, end });
    }
  }
  return found;
}

// Every number with a point, and every time of day, comes this far; most go no further.
const LIKE_IPV4 = /\d\.\d{1,3}\.\d{1,3}\.\d/;
// Found from one of its colons on, which are rare, and not from each of its digits.
const COLONS = /:(?:[0-9a-fA-F]{1,4}:){5}/;
const LIKE_IPV6 = /[0-9a-fA-F]::|::[0-9a-fA-F]|(?:[0-9a-fA-F]{1,4}:){6}/;

function mayHoldV6(text: string): boolean {
  return text.includes('::') || COLONS.test(text);
}

// After a letter only where that is the escape of a line break.
const BEGINS = '(?:(?<![A-Za-z0-9.])|(?<=\\\\[nrt]))';
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
// An archive is named after a version: `tool-1.2.3.4.tar.gz`.
const ARCHIVE = '\\.(?:tar|tgz|zip|rpm|deb|jar|whl|exe|msi|dmg|so|dll)';
const IPV4 = new RegExp(`${BEGINS}${OCTET}(?:\\.${OCTET}){3}(?!\\w|\\.\\d|${ARCHIVE}\\b)`, 'g');
const NOBODY_V4 = /^(?:127\.|0\.0\.0\.0$|255\.255\.)/;

function isVersion(text: string, start: number, address: string, label: string): boolean {
  const before = wordsBefore(text, start, label);
  if (VERSION_WORD.test(before) || COMPARED.test(before)) return true;
  // A product token (RFC 9110 section 10.1.5): `Chrome/120.0.0.0`.
  return address.endsWith('.0.0.0') && /[A-Za-z]\/$/.test(before);
}

const VERSION_WORD = /(?:\b(?:ver|version|release|firmware|section|sections|oid)|§)[\s.:="'#]{0,4}$/i;
// `package==1.2.3.4`, `^1.2.3.4`
const COMPARED = /[\w\]](?:==|>=|<=|~=|!=)$|[~^]$/;

const IPV6 =
  /(?:(?<![A-Za-z0-9.]|[0-9a-fA-F:]:)|(?<=\\[nrt]))(?:[0-9a-fA-F]{1,4}:|::)[0-9a-fA-F:.]{1,44}(?![\w:])/g;

// After an address at the end of a sentence, or before what is said about it.
const PUNCTUATION = /\.+$|(?<=[0-9a-fA-F]):$/;

function isRoutableV6(address: string): boolean {
  if (!ipaddr.IPv6.isValid(address)) return false;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return !NOBODY_V4.test(parsed.toIPv4Address().toString());
  const [first = 0, second] = parsed.parts;
  if (first >= 0x2000 && first <= 0x3fff) return true;
  if ((first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 || (first & 0xff00) === 0xff00) return true;
  return first === 0x64 && second === 0xff9b;
}
