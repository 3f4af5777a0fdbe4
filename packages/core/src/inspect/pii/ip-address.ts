import ipaddr from 'ipaddr.js';
import type { PersonalData } from './personal-data.ts';
import { wordsBefore } from './surroundings.ts';

/**
 * IPv4 and IPv6 addresses that can stand for a person or a machine. Loopback and unspecified addresses and
 * netmasks stand for none and are left, as are versions and section numbers that only look like an address.
 */
export function findIpAddresses(text: string, label: string): readonly PersonalData[] {
  const found: PersonalData[] = [];
  for (const match of text.matchAll(IPV4)) {
    const [address] = match;
    const start = match.index;
    if (NOBODY_V4.test(address) || isVersion(text, start, address, label)) continue;
    found.push({ kind: 'ip', start, end: start + address.length });
  }
  if (!text.includes(':')) return found;
  for (const match of text.matchAll(IPV6)) {
    // An address at the end of a sentence or before a colon.
    const address = match[0].replace(/(?<=[0-9a-fA-F])[.:]$|(?<=::)[.:]$/, '');
    if (isRoutableV6(address))
      found.push({ kind: 'ip', start: match.index, end: match.index + address.length });
  }
  return found;
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`(?<![\\w.])${OCTET}(?:\\.${OCTET}){3}(?![\\w]|\\.\\d|\\.\\w*\\d)`, 'g');
const NOBODY_V4 = /^(?:127\.|0\.0\.0\.0$|255\.255\.)/;

const VERSION_WORD =
  /(?:\bv|\b(?:version|ver|release|build|firmware|driver|section|sections|clause|chapter|figure|table|oid)\b|§)[\s.:="'#]{0,4}$|[=<>~^]=?\s?$/i;
const AFTER_ASSIGNMENT = /(?:^|[^=<>~^!])=\s?$/;

function isVersion(text: string, start: number, address: string, label: string): boolean {
  const before = wordsBefore(text, start, label);
  if (VERSION_WORD.test(before) && !AFTER_ASSIGNMENT.test(before)) return true;
  // A product token of RFC 9110, section 10.1.5: `Chrome/120.0.0.0`.
  return address.endsWith('.0.0.0') && /[A-Za-z]\/$/.test(before);
}

const IPV6 = /(?<![\w.]|[0-9a-fA-F:]:)(?:[0-9a-fA-F]{1,4}:|::)[0-9a-fA-F:.]{1,44}(?![\w:])/g;

function isRoutableV6(address: string): boolean {
  if (!ipaddr.IPv6.isValid(address)) return false;
  const parsed = ipaddr.IPv6.parse(address);
  if (parsed.isIPv4MappedAddress()) return !NOBODY_V4.test(parsed.toIPv4Address().toString());
  const [first = 0, second] = parsed.parts;
  if (first >= 0x2000 && first <= 0x3fff) return true;
  if ((first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfe80 || (first & 0xff00) === 0xff00) return true;
  return first === 0x64 && second === 0xff9b;
}
