import type { Hit, ScanRule } from '../rule.ts';
import type { Source } from '../source.ts';
import { heldTexts } from './strings.ts';

// Linear: one bounded class behind a fixed word.
const ADDRESS =
  /\b(https?|wss?|ftp):\/\/(?:[^\s/?#@"'`<>\\]{1,256}@)?(\[[0-9a-f:.]{2,45}\]|[\p{L}\p{N}_.-]{1,253})(?::\d{1,5})?/giu;

/** Most addresses of one source. */
const MOST = 2000;

/** A host that a source names in an address. */
export interface NamedHost {
  readonly host: string;
  readonly scheme: string;
  readonly start: number;
  readonly end: number;
}

/** The hosts in the addresses of a source, in order. */
export function namedHosts(source: Source): readonly NamedHost[] {
  const found: NamedHost[] = [];
  for (const { start, end, text } of heldTexts(source)) {
    for (const match of text.matchAll(ADDRESS)) {
      if (found.length >= MOST) return found;
      const [address, scheme = '', host = ''] = match;
      const whole =
        source.code === undefined
          ? { start: match.index, end: match.index + address.length }
          : { start, end };
      found.push({ host: host.toLowerCase().replace(/\.$/, ''), scheme: scheme.toLowerCase(), ...whole });
    }
  }
  return found;
}

/** Places that take whatever is sent to them. */
const COLLECTORS =
  /(?:^|\.)(?:webhook\.site|requestbin\.(?:com|net)|pipedream\.net|hookbin\.com|beeceptor\.com|requestcatcher\.com|interact\.sh|oast\.(?:fun|live|pro|site|me|online)|oastify\.com|burpcollaborator\.net|canarytokens\.com|dnslog\.cn|ceye\.io|transfer\.sh|file\.io|0x0\.st|termbin\.com|pastebin\.com|ghostbin\.com|hastebin\.com|anonfiles\.com|bashupload\.com)$|^paste\.[a-z0-9-]+\.[a-z]{2,8}$/;
/** Ways to a machine that nobody knows. */
const TUNNELS =
  /(?:^|\.)(?:ngrok\.(?:io|app)|ngrok-free\.(?:app|dev)|trycloudflare\.com|loca\.lt|serveo\.net|localhost\.run)$/;
const BOT_APIS = /^(?:api\.telegram\.org|(?:ptb\.|canary\.)?discord(?:app)?\.com)$/;
const METADATA =
  /^(?:169\.254\.169\.254|169\.254\.170\.2|metadata\.google\.internal|100\.100\.100\.200|\[fd00:ec2::254\])$/;
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

export const collector: ScanRule = {
  id: 'net.collector',
  severity: 'high',
  title: 'a host that collects whatever is sent to it',
  why: 'Collectors of requests, tunnels and paste sites are how stolen data leaves without a server of their own. A finished skill or server has no use for them.',
  find: (source) =>
    source.role === 'documentation'
      ? []
      : namedHosts(source).flatMap(({ host, start, end }): readonly Hit[] => {
          const bot =
            BOT_APIS.test(host) &&
            /\/(?:api\/webhooks\/|bot\d{6,12}:)/.test(source.text.slice(start, end + 64));
          const tunnel = TUNNELS.test(host);
          if (!bot && !tunnel && !COLLECTORS.test(host)) return [];
          // Whoever builds something shows it through a tunnel, and documents say how.
          const severity = tunnel && (source.embedded || source.code === undefined) ? 'medium' : 'high';
          return [{ start, end, message: `names \`${host}\``, severity, capability: 'net.egress' }];
        }),
};

export const metadataService: ScanRule = {
  id: 'net.metadata_service',
  severity: 'high',
  title: 'the metadata service of a cloud',
  why: 'It gives the credentials of the machine to whoever asks from there.',
  find: (source) =>
    source.role === 'documentation'
      ? []
      : namedHosts(source).flatMap(({ host, start, end }): readonly Hit[] =>
          METADATA.test(host) ? [{ start, end, message: `asks \`${host}\``, capability: 'secret.read' }] : [],
        ),
};

export const bareAddress: ScanRule = {
  id: 'net.bare_address',
  severity: 'medium',
  title: 'a public machine that is named by its number',
  why: 'Services have names. A bare address is how a program calls home without one that could be blocked or looked up.',
  find: (source) =>
    source.role === 'documentation'
      ? []
      : namedHosts(source).flatMap(({ host, start, end }): readonly Hit[] =>
          isPublicNumber(host)
            ? [{ start, end, message: `names \`${host}\``, capability: 'net.egress' }]
            : [],
        ),
};

/** An IPv4 address of the public internet, without those for documentation (RFC 5737). */
function isPublicNumber(host: string): boolean {
  const [, a = '', b = '', c = ''] = IPV4.exec(host) ?? [];
  if (a === '') return false;
  const [first, second, third] = [Number(a), Number(b), Number(c)];
  if (first === 0 || first === 10 || first === 127 || first >= 224) return false;
  if ((first === 172 && second >= 16 && second < 32) || (first === 192 && second === 168)) return false;
  if ((first === 169 && second === 254) || (first === 100 && second >= 64 && second < 128)) return false;
  const documented = [
    [192, 0, 2],
    [198, 51, 100],
    [203, 0, 113],
  ];
  const isDocumented = documented.some(([x, y, z]) => x === first && y === second && z === third);
  // The resolvers that everybody writes down.
  return !isDocumented && !/^(?:8\.8\.(?:8\.8|4\.4)|1\.1\.1\.1|1\.0\.0\.1|9\.9\.9\.9|1\.2\.3\.4)$/.test(host);
}
