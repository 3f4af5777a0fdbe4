/** An IP address or block of addresses; IPv4-mapped IPv6 addresses are IPv4. */
export interface Block {
  readonly first: bigint;
  readonly prefix: number;
  /** 32 or 128. */
  readonly bits: number;
}

/** Reads an IPv4 or IPv6 address; undefined when the text is none. Zones are not addresses. */
export function parseAddress(text: string): { readonly value: bigint; readonly bits: number } | undefined {
  if (!text.includes(':')) {
    const value = parseV4(text);
    return value === undefined ? undefined : { value, bits: 32 };
  }
  const value = parseV6(text);
  return value === undefined ? undefined : { value, bits: 128 };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = '', tail] = halves;
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...left, ...Array.from({ length: missing }, () => 0n), ...right];
  return all.reduce((value, group) => (value << 16n) | group, 0n);
}

function groups(text: string): readonly bigint[] | undefined {
  if (text === '') return [];
  const found: bigint[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1 && part.includes('.')) {
      const value = parseV4(part);
      if (value === undefined) return undefined;
      found.push(value >> 16n, value & 0xffffn);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      found.push(BigInt(`0x${part}`));
    } else {
      return undefined;
    }
  }
  return found;
}

const MAPPED = 0xffffn;

/** True for `::ffff:a.b.c.d`, the IPv6 form of an IPv4 address. */
function isMapped(value: bigint): boolean {
  return value >> 32n === MAPPED;
}

/** An address as it is compared: IPv4 when it is IPv4 in IPv6 clothes. */
export function plainAddress(text: string): { readonly value: bigint; readonly bits: number } | undefined {
  const address = parseAddress(text);
  if (address?.bits === 128 && isMapped(address.value))
    return { value: address.value & 0xffffffffn, bits: 32 };
  return address;
}

/** Reads `address/length` (RFC 4632, RFC 4291 section 2.3); bits behind the length are cleared. */
export function parseBlock(text: string): Block | undefined {
  const [address = '', length, extra] = text.split('/');
  if (length === undefined || extra !== undefined || !/^\d{1,3}$/.test(length)) return undefined;
  const parsed = parseAddress(address);
  const prefix = Number(length);
  if (parsed === undefined || prefix > parsed.bits) return undefined;
  const host = BigInt(parsed.bits - prefix);
  return { first: (parsed.value >> host) << host, prefix, bits: parsed.bits };
}

export function lastAddress(block: Block): bigint {
  return block.first | ((1n << BigInt(block.bits - block.prefix)) - 1n);
}

export function blockHolds(
  block: Block,
  address: { readonly value: bigint; readonly bits: number },
): boolean {
  if (address.bits !== block.bits) return false;
  const host = BigInt(block.bits - block.prefix);
  return address.value >> host === block.first >> host;
}

/** The text of an address (RFC 5952 for IPv6). */
export function addressText(value: bigint, bits: number): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((by) => String((value >> by) & 255n)).join('.');
  const parts = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  const [start, length] = longestZeros(parts);
  if (length < 2) return parts.join(':');
  return `${parts.slice(0, start).join(':')}::${parts.slice(start + length).join(':')}`;
}

function longestZeros(parts: readonly string[]): readonly [number, number] {
  let best: readonly [number, number] = [0, 0];
  let start = 0;
  for (const [i, part] of parts.entries()) {
    if (part !== '0') start = i + 1;
    else if (i + 1 - start > best[1]) best = [start, i + 1 - start];
  }
  return best;
}
