import { integerOf } from '../value/decimal.ts';
import { utf8Bytes } from '../value/text.ts';
import { RegoObject, type Value } from '../value/value.ts';
import { type Builtin, builtin, object, string } from './builtin.ts';

const HYPHENATED = /^([0-9a-fA-F]{8})-([0-9a-fA-F]{4})-([0-9a-fA-F]{4})-([0-9a-fA-F]{4})-([0-9a-fA-F]{12})/;
const PACKED = /^[0-9a-fA-F]{32}$/;
/** Hundreds of nanoseconds from the start of the Gregorian calendar to 1970. */
const GREGORIAN_OFFSET = 122_192_928_000_000_000n;
const DOMAINS = ['Person', 'Group', 'Org'] as const;

/** The 32 digits of a UUID (RFC 9562): with hyphens, alone or after `urn:uuid:` or between two signs; or without. */
function digitsOf(text: string): string | undefined {
  const { length } = utf8Bytes(text);
  if (length === 32) return PACKED.test(text) ? text : undefined;
  const isUrn = length === 45;
  if (isUrn && text.slice(0, 9).toLowerCase() !== 'urn:uuid:') return undefined;
  if (length !== 36 && length !== 38 && !isUrn) return undefined;
  // As in OPA, the two signs may be any.
  const body = isUrn ? text.slice(9) : length === 38 ? text.slice(1) : text;
  return HYPHENATED.exec(body)?.slice(1).join('');
}

function variantOf(byte: number): string {
  if ((byte & 0xc0) === 0x80) return 'RFC4122';
  if ((byte & 0xe0) === 0xc0) return 'Microsoft';
  return (byte & 0xe0) === 0xe0 ? 'Future' : 'Reserved';
}

/** Who gave the address of a network card, and to how many. */
function cardOf(byte: number): string {
  return `${(byte & 2) === 0 ? 'global' : 'local'}:${(byte & 1) === 0 ? 'unicast' : 'multicast'}`;
}

function parseUuid(text: string): Value | undefined {
  const digits = digitsOf(text)?.toLowerCase();
  if (digits === undefined) return undefined;
  const byte = (index: number): number => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16);
  const version = byte(6) >> 4;
  const found: [string, Value][] = [
    ['version', version],
    ['variant', variantOf(byte(8))],
  ];
  if (version === 1 || version === 2) {
    const ticks = BigInt(`0x${digits.slice(13, 16)}${digits.slice(8, 12)}${digits.slice(0, 8)}`);
    found.push(
      ['time', integerOf(BigInt.asIntN(64, (ticks - GREGORIAN_OFFSET) * 100n))],
      ['nodeid', digits.slice(20).match(/../g)?.join('-') ?? ''],
      ['macvariables', cardOf(byte(10))],
      ['clocksequence', Number.parseInt(digits.slice(16, 20), 16) & 0x3fff],
    );
  }
  if (version === 2) {
    found.push(['id', Number.parseInt(digits.slice(0, 8), 16)]);
    found.push(['domain', DOMAINS[byte(9)] ?? `Domain${byte(9)}`]);
  }
  return RegoObject.of(found);
}

export const UUID: readonly Builtin[] = [builtin('uuid.parse', [string], object, parseUuid)];
