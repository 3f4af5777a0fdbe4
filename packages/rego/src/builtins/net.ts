import { isArray, isObject, RegoSet, sortedEntries, type Value } from '../value/value.ts';
import {
  addressText,
  type Block,
  blockHolds,
  lastAddress,
  parseAddress,
  parseBlock,
  plainAddress,
} from './address.ts';
import {
  any,
  array,
  boolean,
  type Builtin,
  BuiltinError,
  builtin,
  object,
  oneOf,
  set,
  string,
} from './builtin.ts';

const lists = oneOf(oneOf(string, object), oneOf(array, set));

function blockOf(text: string): Block {
  const block = parseBlock(text);
  if (block === undefined) throw new BuiltinError(`invalid CIDR address: ${text.slice(0, 60)}`);
  return block;
}

/** The second may be an address or a block. */
function holds(outer: string, inner: string): boolean {
  const block = blockOf(outer);
  const address = plainAddress(inner);
  if (address !== undefined) return blockHolds(block, address);
  const other = blockOf(inner);
  return (
    other.bits === block.bits &&
    other.prefix >= block.prefix &&
    blockHolds(block, { value: other.first, bits: other.bits })
  );
}

/** What is compared, with what is answered for it: an index, a key or the element itself. */
function candidates(value: Value): readonly (readonly [string, Value])[] {
  const textOf = (element: Value): string => {
    const first = isArray(element) ? element[0] : element;
    if (typeof first !== 'string') throw new BuiltinError('element must be string or non-empty array');
    return first;
  };
  if (typeof value === 'string') return [[value, value]];
  if (isArray(value)) return value.map((element, i) => [textOf(element), i] as const);
  if (value instanceof RegoSet) return value.sorted().map((element) => [textOf(element), element] as const);
  return isObject(value) ? sortedEntries(value).map(([key, element]) => [textOf(element), key] as const) : [];
}

function elementBlock(element: Value): Block {
  if (typeof element !== 'string') throw new BuiltinError('element must be string');
  const address = parseAddress(element);
  if (address === undefined) return blockOf(element);
  if (address.bits === 128) throw new BuiltinError('IPv6 invalid: needs prefix length');
  const prefix = classfulPrefix(address.value);
  const host = BigInt(32 - prefix);
  return { first: (address.value >> host) << host, prefix, bits: 32 };
}

/** The mask that a bare IPv4 address had before CIDR, which is what OPA gives it. */
function classfulPrefix(value: bigint): number {
  const top = value >> 24n;
  return top < 128n ? 8 : top < 192n ? 16 : 24;
}

interface Range {
  first: bigint;
  last: bigint;
  readonly bits: number;
}

/** The fewest blocks that hold the same addresses. */
function merge(blocks: readonly Block[]): RegoSet {
  const ranges = blocks
    .map((block): Range => ({ first: block.first, last: lastAddress(block), bits: block.bits }))
    .sort((a, b) => a.bits - b.bits || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: Range[] = [];
  for (const range of ranges) {
    const previous = merged[merged.length - 1];
    if (previous !== undefined && previous.bits === range.bits && range.first <= previous.last + 1n) {
      if (range.last > previous.last) previous.last = range.last;
    } else {
      merged.push({ ...range });
    }
  }
  return RegoSet.of(merged.flatMap(blocksOf));
}

function blocksOf({ first, last, bits }: Range): readonly string[] {
  const found: string[] = [];
  let start = first;
  while (start <= last) {
    let size = 0;
    while (
      size < bits &&
      (start & (1n << BigInt(size))) === 0n &&
      start + (1n << BigInt(size + 1)) - 1n <= last
    )
      size++;
    found.push(`${addressText(start, bits)}/${bits - size}`);
    start += 1n << BigInt(size);
  }
  return found;
}

export const NET: readonly Builtin[] = [
  builtin('net.cidr_contains', [string, string], boolean, holds),
  builtin('net.cidr_contains_matches', [lists, lists], set, (outer, inner, { meter }) => {
    const found = new RegoSet();
    for (const [block, outerName] of candidates(outer)) {
      for (const [address, innerName] of candidates(inner)) {
        meter.step();
        if (holds(block, address)) found.add([outerName, innerName]);
      }
    }
    return found;
  }),
  builtin('net.cidr_intersects', [string, string], boolean, (a, b) => {
    const left = blockOf(a);
    const right = blockOf(b);
    return (
      blockHolds(left, { value: right.first, bits: right.bits }) ||
      blockHolds(right, { value: left.first, bits: left.bits })
    );
  }),
  builtin(
    'net.cidr_is_valid',
    [any],
    boolean,
    (text) => typeof text === 'string' && parseBlock(text) !== undefined,
  ),
  builtin('net.cidr_expand', [string], set, (text, { meter }) => {
    const block = blockOf(text);
    const last = lastAddress(block);
    const size = last - block.first + 1n;
    meter.grow(size > 1_000_000_000n ? 1_000_000_000 : Number(size) * 16);
    const found = new RegoSet();
    for (let address = block.first; address <= last; address++) found.add(addressText(address, block.bits));
    return found;
  }),
  builtin('net.cidr_merge', [oneOf(array, set)], set, (list) =>
    merge((list instanceof RegoSet ? list.sorted() : list).map(elementBlock)),
  ),
];
