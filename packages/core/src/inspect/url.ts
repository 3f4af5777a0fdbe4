import type { Finding, UrlFact } from '../model/finding.ts';
import { classifyHost, namesMetadata } from './address.ts';
import type { InspectPlatform, ParsedUrl } from './platform.ts';
import { isForOtherParsers, isOddlySpelled, leadsElsewhere } from './url-readings.ts';

const MAX_URL_LENGTH = 8192;
const SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'ws', 'wss', 'ftp', 'ftps']);

/** Ports of services that take commands from whoever reaches them, and none of the web. */
const NOT_WEB: ReadonlySet<string> = new Set(
  '19 22 23 25 53 110 111 135 137 139 143 389 445 465 587 873 993 995 1433 1521 2049 2375 2376 2379 3306 3389 5432 5900 5984 6379 6443 8500 9042 9200 9300 10250 11211 27017'.split(
    ' ',
  ),
);

/** Members of a query that carry what lets somebody in. */
const CREDENTIAL =
  /^(?:access_?token|api_?key|auth_?token|client_?secret|private_?token|secret(?:_?key)?|passw(?:or)?d|pwd|token)$/i;

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
  const kind = classifyHost(host);
  const findings = [
    ...hostFindings(given, host, kind, platform),
    ...requestFindings(url, scheme),
    ...carriedFindings(url, platform),
  ];
  return { fact: { href: url.href, scheme, host, internal: kind !== 'public' }, findings };
}

/** An address of either kind, or a name as the name service has them; the standard lets other signs be part of a host. */
const IS_NAME = /^[0-9a-f:.]+$|^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

type Found = Omit<Finding, 'at'>;

function hostFindings(
  given: string,
  host: string,
  kind: ReturnType<typeof classifyHost>,
  platform: InspectPlatform,
): readonly Found[] {
  if (kind === 'metadata') {
    const message = 'a metadata service that hands out credentials';
    return [
      { id: 'url.metadata', severity: 'critical', message, capability: 'secret.read', denies: 'GUARD_SSRF' },
    ];
  }
  if (kind === 'internal') {
    return [{ id: 'url.internal', severity: 'high', message: 'an address that is not public' }];
  }
  if (
    !IS_NAME.test(host) ||
    isOddlySpelled(given, host) ||
    isForOtherParsers(given) ||
    leadsElsewhere(given, platform)
  ) {
    const message = 'other parsers read another host in it';
    return [{ id: 'url.ambiguous', severity: 'high', message, denies: 'GUARD_SSRF' }];
  }
  return [];
}

function requestFindings({ username, password, href, port }: ParsedUrl, scheme: string): readonly Found[] {
  const findings: Found[] = [];
  const inQuery = [...queryOf(href)].some(([name, value]) => CREDENTIAL.test(name) && value.length >= 8);
  if (username !== '' || password !== '' || inQuery) {
    findings.push({ id: 'url.credentials', severity: 'medium', message: 'credentials in a URL' });
  }
  if (!SCHEMES.has(scheme)) {
    findings.push({ id: 'url.scheme', severity: 'medium', message: 'a scheme that is not for the web' });
  }
  if (NOT_WEB.has(port)) {
    findings.push({
      id: 'url.port',
      severity: 'medium',
      message: 'a port of a service that is not for the web',
    });
  }
  return findings;
}

/** What a public host may be asked to fetch: proxies and redirectors take addresses from the path and the query. */
function carriedFindings({ href }: ParsedUrl, platform: InspectPlatform): readonly Found[] {
  const carried = decoded(href.replace(/^[^/]*\/\/[^/?#]*/, ''));
  if (namesMetadata(carried)) {
    const message = 'asks for a metadata service through another host';
    return [{ id: 'url.carried_metadata', severity: 'critical', message, denies: 'GUARD_SSRF' }];
  }
  const [, inner] = /[=/](https?:\/\/[^/?#&\s]+)/i.exec(carried) ?? [];
  const target = inner === undefined ? undefined : platform.parseUrl(inner);
  if (target === undefined || classifyHost(target.hostname.replace(/^\[|\]$|\.+$/g, '')) === 'public')
    return [];
  return [{ id: 'url.carried_internal', severity: 'low', message: 'carries an address that is not public' }];
}

function decoded(text: string): string {
  return text.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function* queryOf(href: string): Iterable<readonly [name: string, value: string]> {
  const query = /\?([^#]*)/.exec(href)?.[1] ?? '';
  for (const member of query.split('&')) {
    const at = member.indexOf('=');
    if (at > 0) yield [decoded(member.slice(0, at)), member.slice(at + 1)];
  }
}

function refused(id: string, message: string): UrlReading {
  return { fact: undefined, findings: [{ id, severity: 'high', message, denies: 'GUARD_SSRF' }] };
}
