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
 * Whether the host is spelled in a way that parsers do not agree on: escaped, in characters that others stand for, or
 * as an address in other than four decimal numbers.
 */
export function isOddlySpelled(given: string, host: string): boolean {
  const authority = /^[a-z][a-z0-9+.-]*:[/\\]*([^/?#]*)/i.exec(given)?.[1] ?? '';
  const spelled = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  if (spelled.includes('%') || spelled !== spelled.normalize('NFKC')) return true;
  return /^\d+(?:\.\d+){3}$/.test(host) && spelled.replace(/\.$/, '') !== host;
}
