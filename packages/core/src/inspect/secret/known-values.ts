import type { Decoder } from '../text/decode/decoder.ts';
import { decodeEscapes } from '../text/decode/escapes.ts';
import { decodePercent } from '../text/decode/percent.ts';
import { originOf, unmapped } from '../text/mapped-text.ts';
import { shapeOf } from '../text/shape.ts';
import type { Span } from '../text/span.ts';
import { entropyOf } from './entropy.ts';
import { spellingsOf } from './known-spellings.ts';

/** Values that may be nowhere in a text, in any usual spelling. */
export interface KnownValues {
  /** True when there is nothing to look for. */
  readonly empty: boolean;
  /** Where they stand, in order and without overlaps. Takes time linear in the text, whatever their number. */
  find(text: string): readonly Span[];
  /** What they were compiled of, to be compiled again in another thread. */
  values(): readonly string[];
}

export const NO_KNOWN_VALUES: KnownValues = Object.freeze({
  empty: true,
  find: () => [],
  values: () => [],
});

/**
 * Compiles credentials to be recognised verbatim, in base64 (RFC 4648, both alphabets, inside of a longer text
 * too), in hexadecimal, percent-encoded or with `\u` escapes, and with separators between the characters. The
 * words of a value (`Bearer <token>`) and the password of a URL count by themselves.
 *
 * A value that is short, plain or the path of a file is left out: it would be found in texts that have nothing to
 * do with it.
 */
export function compileKnownValues(values: Iterable<string>): KnownValues {
  const needles = new Set<string>();
  const given = [...values];
  for (const value of given) {
    for (const part of partsOf(value)) {
      if (!isDistinctive(part)) continue;
      for (const spelling of spellingsOf(part)) needles.add(compact(spelling));
    }
  }
  if (needles.size === 0) return NO_KNOWN_VALUES;
  const index = indexOf(needles);
  return { empty: false, find: (text) => findIn(text, index), values: () => given };
}

const SHORTEST = 12;
/** A value without digits must be as long as this. */
const SHORTEST_WORDS = 24;
const LEAST_ENTROPY = 3;
const NOTHING: readonly Span[] = [];
const PATH = /^(?:[~.]{0,2}\/|[a-z]:[\\/])/i;

function isDistinctive(part: string): boolean {
  const length = compact(part).length;
  if (length < SHORTEST || PATH.test(part) || entropyOf(part) < LEAST_ENTROPY) return false;
  return (/\d/.test(part) && /\p{L}/u.test(part)) || length >= SHORTEST_WORDS;
}

function partsOf(value: string): readonly string[] {
  const passwords = Array.from(
    value.matchAll(/:\/\/[^/@:\s]{0,256}:([^@/\s]{1,1024})@/g),
    ([, password = '']) => password,
  );
  return [value, ...value.split(/\s+/), ...passwords];
}

/** Characters that can stand between those of a value without changing what it is, the signs of base64 among them. */
const SEPARATOR = /[\s\-_.,:;|/\\"'`+=*()[\]{}<>\u200b-\u200d\u2060\ufeff]/g;
/** Most separators between two characters. */
const WIDEST_GAP = 6;

const IS_SEPARATOR: Uint8Array = Uint8Array.from({ length: 0x10000 }, (_, code) =>
  String.fromCharCode(code).replace(SEPARATOR, '') === '' ? 1 : 0,
);

function compact(text: string): string {
  return text.replace(SEPARATOR, '');
}

/** Needles by their first four characters. */
interface NeedleIndex {
  readonly filter: Uint8Array;
  readonly byKey: ReadonlyMap<number, readonly string[]>;
}

const KEY_LENGTH = 4;

function indexOf(needles: Iterable<string>): NeedleIndex {
  const filter = new Uint8Array(0x10000);
  const byKey = new Map<number, string[]>();
  for (const needle of needles) {
    if (needle.length < SHORTEST) continue;
    let key = 0;
    for (let i = 0; i < KEY_LENGTH; i++) key = advance(key, needle.charCodeAt(i));
    filter[slotOf(key)] = 1;
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [needle]);
    else known.push(needle);
  }
  // The longest first: a part must not be taken out of the whole and leave its rest behind.
  for (const list of byKey.values()) list.sort((a, b) => b.length - a.length);
  return { filter, byKey };
}

/** The last four characters, each by its low byte. */
function advance(key: number, code: number): number {
  return (key << 8) | (code & 0xff);
}

function slotOf(key: number): number {
  return (key ^ (key >>> 16)) & 0xffff;
}

/** Each with the character without which there is nothing to decode. */
const DECODERS: readonly (readonly [string, Decoder])[] = [
  ['%', decodePercent],
  ['\\', decodeEscapes],
];

function findIn(text: string, index: NeedleIndex): readonly Span[] {
  if (text.length < SHORTEST) return NOTHING;
  const spans = findSpelled(text, index);
  for (const [mark, decode] of DECODERS) {
    if (!text.includes(mark)) continue;
    for (const decoded of decode(unmapped(text), shapeOf(text))) {
      for (const span of findSpelled(decoded.text, index)) spans.push(originOf(decoded, span));
    }
  }
  return joined(spans);
}

function findSpelled(text: string, { filter, byKey }: NeedleIndex): Span[] {
  const spans: Span[] = [];
  let key = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (IS_SEPARATOR[code] === 1) continue;
    key = advance(key, code);
    if (filter[slotOf(key)] === 0) continue;
    const start = startOfKey(text, at);
    if (start === undefined) continue;
    for (const needle of byKey.get(key) ?? []) {
      const end = endOf(needle, text, start);
      if (end === undefined) continue;
      spans.push({ start, end });
      break;
    }
  }
  return spans;
}

/** Where the characters of a key begin that end at a place; undefined when they stand too far apart. */
function startOfKey(text: string, end: number): number | undefined {
  let at = end;
  for (let left = KEY_LENGTH - 1; left > 0; left--) {
    const before = at;
    do at--;
    while (at >= 0 && before - at <= WIDEST_GAP + 1 && IS_SEPARATOR[text.charCodeAt(at)] === 1);
    if (at < 0 || before - at > WIDEST_GAP + 1) return undefined;
  }
  return at;
}

/** Where a needle that begins at `start` ends; undefined when it does not stand there. */
function endOf(needle: string, text: string, start: number): number | undefined {
  let at = start;
  for (let i = 0; i < needle.length; i++) {
    let gap = 0;
    while (at < text.length && IS_SEPARATOR[text.charCodeAt(at)] === 1) {
      at++;
      if (++gap > WIDEST_GAP) return undefined;
    }
    if (text.charCodeAt(at) !== needle.charCodeAt(i)) return undefined;
    at++;
  }
  return at;
}

function joined(spans: Span[]): readonly Span[] {
  if (spans.length < 2) return spans;
  spans.sort((a, b) => a.start - b.start);
  const apart: Span[] = [];
  for (const span of spans) {
    const last = apart.at(-1);
    if (last === undefined || span.start > last.end) apart.push(span);
    else apart[apart.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return apart;
}
