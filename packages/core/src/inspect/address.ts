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
];

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
  const internal =
    host === '' || !host.includes('.') || INTERNAL_SUFFIXES.some((suffix) => host.endsWith(suffix));
  return internal ? 'internal' : 'public';
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

/** The IPv4 address inside an IPv6 one: mapped, compatible, NAT64 (RFC 6052) or 6to4 (RFC 3056). */
function embedded(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray();
  const zeros = (from: number, to: number): boolean => bytes.slice(from, to).every((byte) => byte === 0);
  const at = (start: number): ipaddr.IPv4 => new ipaddr.IPv4(bytes.slice(start, start + 4));
  if (address.range() === '6to4') return at(2);
  if (bytes[0] === 0 && bytes[1] === 0x64 && bytes[2] === 0xff && bytes[3] === 0x9b) return at(12);
  const mapped = zeros(0, 10) && bytes[10] === 0xff && bytes[11] === 0xff;
  const translated = zeros(0, 8) && bytes[8] === 0xff && bytes[9] === 0xff && zeros(10, 12);
  return mapped || translated || zeros(0, 12) ? at(12) : undefined;
}
