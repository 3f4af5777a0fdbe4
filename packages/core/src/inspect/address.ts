import ipaddr from 'ipaddr.js';

const METADATA_ADDRESSES: ReadonlySet<string> = new Set([
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  'fd00:ec2::254',
  'fd20:ce::254',
]);

const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.azure.com',
  'metadata.azure.internal',
  'metadata.ec2.internal',
  'metadata.equinix.com',
  'metadata.hetzner.cloud',
  'metadata.jdcloud.com',
  'metadata.nicob.net',
  'metadata.oraclecloud.com',
  'metadata.packet.net',
  'metadata.platformequinix.com',
  'metadata.scaleway.com',
  'metadata.tencentyun.com',
  'metadata.udf',
  'rancher-metadata.rancher.internal',
]);

const INTERNAL_SUFFIXES = [
  '.localhost',
  '.local',
  '.internal',
  '.intranet',
  '.lan',
  '.home.arpa',
  '.corp',
  '.home',
  '.localdomain',
  '.domain',
  '.private',
  '.intra',
  '.consul',
  '.docker',
  '.svc',
  // Names that are never delegated (RFC 6761, RFC 7686, RFC 9476), and the tree of addresses.
  '.test',
  '.invalid',
  '.onion',
  '.alt',
  '.arpa',
  '.hole',
  '.ip',
  '.mail',
  // What clusters, routers and home networks end their own names with.
  '.default',
  '.cluster',
  '.kube-system',
  '.intern',
  '.loc',
  '.mshome',
  '.workgroup',
  '.dhcp',
  // Names that the routers of many homes answer to themselves.
  'fritz.box',
  'easy.box',
  'router.asus.com',
  'routerlogin.net',
  'routerlogin.com',
  'tplinkwifi.net',
  'tplinklogin.net',
  'tplinkmodem.net',
  'myfritz.box',
];

/**
 * Public names that lead wherever their own text says, to the machine itself, or now here and then there. The
 * name service tells nothing about them that holds a moment later.
 */
const LEADS_ANYWHERE: ReadonlySet<string> = new Set([
  '127-0-0-1.org.uk',
  '1u.ms',
  'addr.tools',
  'backname.io',
  'bugbounty.dod.network',
  'fuf.me',
  'hashify.me',
  'ip6.name',
  'ipq.co',
  'lacolhost.com',
  'lcl.host',
  'local-ip.co',
  'local-ip.sh',
  'localcert.net',
  'localdev.me',
  'localh.st',
  'localdomain.pw',
  'localho.st',
  'localtest.me',
  'lvh.me',
  'mail.ebc.apple.com',
  'nicob.net',
  'nip.io',
  'r3dir.me',
  'rbndr.us',
  'rebind.it',
  'rebind.network',
  'spoofed.burpcollaborator.net',
  'sslip.io',
  'traefik.me',
  'vcap.me',
  'xip.io',
  'xip.name',
  'yoogle.com',
  '42foo.com',
  'beweb.com',
  'ddev.site',
  'dev.fbi.com',
  'domaincontrol.com',
  'lndo.site',
  'local.gd',
  'smackaho.st',
  'ulh.us',
]);

/** An IPv4 address among the labels of a name, with points or dashes: `app-10-0-0-1.example.org`. */
const ADDRESS_IN_NAME = /(?<![\d])(\d{1,3})([.-])(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?!\d)/g;

/** Registries of special-purpose addresses (RFC 6890 and its updates) that ipaddr.js counts as public. */
const NOT_PUBLIC = [
  '::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '3fff::/20',
  '5f00::/16',
  'fec0::/10',
].map((block) => ipaddr.parseCIDR(block));

export type HostClass = 'public' | 'internal' | 'metadata';

/** What a host is: a name or an address in canonical spelling, lower case, without brackets or trailing dot. */
export function classifyHost(host: string): HostClass {
  if (METADATA_NAMES.has(host)) return 'metadata';
  if (ipaddr.isValid(host)) return classifyAddress(ipaddr.parse(host));
  const named = addressInName(host);
  if (named !== 'public') return named;
  const internal =
    host === '' ||
    !host.includes('.') ||
    // A label of that name is there to lead to whoever asks: `localhost.example.com`.
    host.split('.').includes('localhost') ||
    INTERNAL_SUFFIXES.some((suffix) => endsIn(host, suffix)) ||
    leadsAnywhere(host);
  return internal ? 'internal' : 'public';
}

/** Whether a name is another one, or below it. */
function endsIn(host: string, suffix: string): boolean {
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

/** What the addresses are that a name is made of; a name service may answer with them. */
function addressInName(host: string): HostClass {
  let worst: HostClass = 'public';
  for (const [, a, , b, c, d] of host.matchAll(ADDRESS_IN_NAME)) {
    const address = `${Number(a)}.${Number(b)}.${Number(c)}.${Number(d)}`;
    if (!ipaddr.IPv4.isValid(address)) continue;
    const judged = classifyAddress(ipaddr.parse(address));
    if (judged === 'metadata') return judged;
    if (judged === 'internal') worst = judged;
  }
  return worst;
}

function leadsAnywhere(host: string): boolean {
  const labels = host.split('.');
  return [2, 3, 4].some((count) => LEADS_ANYWHERE.has(labels.slice(-count).join('.')));
}

const BEGINS = /(?:^|[^\w-]|%[0-9a-f]{2})$/i;

/** Whether a text names a metadata service. */
export function namesMetadata(text: string): boolean {
  for (const name of [...METADATA_ADDRESSES, ...METADATA_NAMES]) {
    if (!name.includes('.')) continue;
    for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + name.length)) {
      // `how-169.254.169.254-works` is a title.
      const before = text.slice(Math.max(0, at - 3), at);
      if (BEGINS.test(before) && !/[\w-]/.test(text[at + name.length] ?? '')) return true;
    }
  }
  return false;
}

function classifyAddress(address: ipaddr.IPv4 | ipaddr.IPv6): HostClass {
  if (METADATA_ADDRESSES.has(address.toString())) return 'metadata';
  if (address.kind() === 'ipv4') return address.range() === 'unicast' ? 'public' : 'internal';
  const inner = embedded(address as ipaddr.IPv6);
  if (inner !== undefined) {
    const judged = classifyAddress(inner);
    if (judged !== 'public') return judged;
  }
  const special = NOT_PUBLIC.some((block) => address.match(block));
  const range = address.range();
  const reachable = range === 'unicast' || range === 'rfc6052' || range === '6to4' || range === 'ipv4Mapped';
  return reachable && !special ? 'public' : 'internal';
}

/**
 * The IPv4 address inside an IPv6 one: mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056) or behind the interface
 * identifier of ISATAP (RFC 5214).
 */
function embedded(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray();
  const zeros = (from: number, to: number): boolean => bytes.slice(from, to).every((byte) => byte === 0);
  const at = (start: number): ipaddr.IPv4 => new ipaddr.IPv4(bytes.slice(start, start + 4));
  if (address.range() === '6to4') return at(2);
  if (bytes[0] === 0 && bytes[1] === 0x64 && bytes[2] === 0xff && bytes[3] === 0x9b) return at(12);
  const isatap =
    (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe;
  if (isatap) return at(12);
  const mapped = zeros(0, 10) && bytes[10] === 0xff && bytes[11] === 0xff;
  const translated = zeros(0, 8) && bytes[8] === 0xff && bytes[9] === 0xff && zeros(10, 12);
  return mapped || translated || zeros(0, 12) ? at(12) : undefined;
}
