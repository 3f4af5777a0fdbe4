import { classifyHost } from './address.ts';
import type { InspectPlatform } from './platform.ts';

/** Longest text of an authority in which other readings are looked for. */
const MAX_AUTHORITY = 2048;

/** A word alone may be a user, a short number an anchor. */
const NAMES_HOST = /^\[|^\d+(?:\.\d+){3}$|^\d{7,}$|^0x[0-9a-f]+$|^localhost$|[a-z][^.]*\./i;

/**
 * Whether other parsers may read another host in a URL whose host is public by the WHATWG standard, and one that is
 * not: they end the authority elsewhere, or take another part of it for the host.
 *
 * SECURITY: whoever fetches the text may be one of them.
 */
export function leadsElsewhere(given: string, { parseUrl }: InspectPlatform): boolean {
  const rest = given.replace(/^[a-z][a-z0-9+.-]*:[/\\]*/i, '');
  const authority = (/^[^/]*/.exec(rest)?.[0] ?? '').slice(0, MAX_AUTHORITY);
  const pieces = authority.split(/[@?#;&,]/);
  return pieces.some((piece) => {
    const host = piece.replace(/:[^:\]]*$/, '');
    if (!NAMES_HOST.test(host)) return false;
    const canonical = parseUrl(`http://${host}/`)?.hostname.replace(/^\[|\]$|\.+$/g, '');
    return canonical !== undefined && classifyHost(canonical) !== 'public';
  });
}

/**
 * Whether a URL is written for parsers that disagree: with a second host right behind the first one, or in a path with
 * characters that are points and line ends once only the lower half of each is kept (CVE-2018-12116).
 */
export function isForOtherParsers(given: string): boolean {
  const rest = given.replace(/^[a-z][a-z0-9+.-]*:[/\\]*/i, '');
  if (/^[^/]{1,300}?[#?&]@/.test(rest)) return true;
  if (!/[\u0100-\uffff]/.test(rest)) return false;
  const halves = Array.from(rest, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? character : `\u0001${String.fromCharCode(code & 0xff)}`;
  }).join('');
  return STEP_IN_HALVES.test(halves) || halves.includes('\u0001\r\u0001\n');
}

// A segment of two characters that both become points, one of them at least from a larger one.
const STEP_IN_HALVES = /\/(?:\u0001\.\u0001?\.|\.\u0001\.)(?:\/|$)/;

/**
 * Whether the host is spelled in a way that parsers do not agree on: escaped, in characters that others stand for, or
 * as an address in other than four decimal numbers.
 */
export function isOddlySpelled(given: string, host: string): boolean {
  const authority = /^[a-z][a-z0-9+.-]*:[/\\]*([^/?#]*)/i.exec(given)?.[1] ?? '';
  const spelled = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  if (spelled.includes('%') || spelled !== spelled.normalize('NFKC')) return true;
  return /^\d+(?:\.\d+){3}$/.test(host) && spelled.replace(/\.$/, '') !== host;
}
