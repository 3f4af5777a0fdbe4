import ipaddr from 'ipaddr.js';

/** One block of addresses (RFC 4632, RFC 4291 section 2.3). */
type AddressTest = (address: ipaddr.IPv4 | ipaddr.IPv6) => boolean;

/** Undefined when the text is not `address/length`. */
export function parseCidr(text: string): AddressTest | undefined {
  if (!ipaddr.isValidCIDR(text)) return undefined;
  const [base, length] = ipaddr.parseCIDR(text);
  // SECURITY: a block of IPv4-mapped addresses means the IPv4 block; addresses are unmapped below.
  const mapped = base.kind() === 'ipv6' && (base as ipaddr.IPv6).isIPv4MappedAddress() && length >= 96;
  const block = mapped ? (base as ipaddr.IPv6).toIPv4Address() : base;
  const bits = mapped ? length - 96 : length;
  return (address) => address.kind() === block.kind() && address.match([block, bits] as never);
}

/** The address that a host text is, IPv4-mapped IPv6 as IPv4; undefined for a name, which is in no block. */
export function parseAddress(host: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined;
}
