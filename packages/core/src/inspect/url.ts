import type { Finding, UrlFact } from '../model/finding.ts';
import { classifyHost } from './address.ts';
import type { InspectPlatform } from './platform.ts';

const MAX_URL_LENGTH = 8192;
const SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss', 'ftp', 'ftps']);

export interface UrlReading {
  readonly fact: UrlFact | undefined;
  readonly findings: readonly Omit<Finding, 'at'>[];
}

/** Establishes where a URL leads (WHATWG URL). What cannot be parsed denies: somebody else may parse it. */
export function readUrl(given: string, platform: InspectPlatform): UrlReading {
  if (given.length > MAX_URL_LENGTH)
    return refused('url.too_long', `longer than ${MAX_URL_LENGTH} characters`);
  // Parsers drop these or stop at them, each in its own way.
  if (/[\p{Cc}\p{Zs}\\]/u.test(given)) return refused('url.ambiguous', 'characters that parsers disagree on');
  const url = platform.parseUrl(given);
  if (url === undefined) return refused('url.unparsable', 'not a URL');
  const scheme = url.protocol.slice(0, -1);
  const host = url.hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.+$/, '');
  const findings: Omit<Finding, 'at'>[] = [];
  const note = (finding: Omit<Finding, 'at'>): number => findings.push(finding);
  if (url.username !== '' || url.password !== '') {
    note({ id: 'url.credentials', severity: 'medium', message: 'credentials in a URL' });
  }
  if (!SCHEMES.has(scheme))
    note({ id: 'url.scheme', severity: 'medium', message: 'a scheme that is not for the web' });
  const kind = classifyHost(host);
  if (kind === 'metadata') {
    const message = 'a metadata service that hands out credentials';
    note({
      id: 'url.metadata',
      severity: 'critical',
      message,
      capability: 'secret.read',
      denies: 'GUARD_SSRF',
    });
  } else if (kind === 'internal') {
    note({ id: 'url.internal', severity: 'high', message: 'an address that is not public' });
  }
  return { fact: { href: url.href, scheme, host, internal: kind !== 'public' }, findings };
}

function refused(id: string, message: string): UrlReading {
  return { fact: undefined, findings: [{ id, severity: 'high', message, denies: 'GUARD_SSRF' }] };
}
