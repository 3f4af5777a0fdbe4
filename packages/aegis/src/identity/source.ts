/**
 * Where a connection comes from, as failures are counted: an IPv4 address, or the /64 network of an IPv6
 * address, all of which one customer has (RFC 6177).
 */
export function sourceOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const bare = address.split('%', 1)[0] ?? '';
  if (bare.includes('.')) return bare.slice(bare.lastIndexOf(':') + 1);
  const [head = '', tail] = bare.split('::', 2);
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const groups = [...first, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...last];
  if (first.length === 0 && last.length === 1 && last[0] === '1') return '::1';
  return `${groups.slice(0, 4).join(':')}::/64`;
}
