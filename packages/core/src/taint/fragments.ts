import { numberGroups } from './number-groups.ts';
import type { Words } from './words.ts';

/** Words of the longest fragment. */
export const FRAGMENT_WORDS = 4;

/** Most fragments of one index: about a megabyte of running text. */
export const MAX_FRAGMENTS = 786_432;

const FIRST_SLOTS = 1024;
/** Of four slots three are used, so that a place is found in a few steps. */
const fullAt = (slots: number): number => (slots / 4) * 3;

/**
 * Which sequences of one to `FRAGMENT_WORDS` words stood in the texts that were added, as 32-bit hashes, each with
 * the number of the text that it was first seen in; and numbers that are printed in more groups, whole. Words are hashed without what is between them, so that
 * `GB29 NWBK` and `gb29-nwbk` and `GB29NWBK` are one fragment. A false match is as likely as the share of all
 * hashes that is taken: at most 1 in 5,000.
 *
 * SECURITY: where a hash is kept depends on `seed`, so that no text can be made that slows the index down.
 */
export class Fragments {
  readonly #seed: number;
  readonly #most: number;
  #keys = new Uint32Array(FIRST_SLOTS);
  #origins = new Uint32Array(FIRST_SLOTS);
  #size = 0;

  constructor(seed: number, most = MAX_FRAGMENTS) {
    this.#seed = seed | 0;
    this.#most = most;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds every fragment of a text; `merge` says which origin counts for one that was seen before. False when
   * there was no room for all of them.
   */
  add(words: Words, origin: number, merge: (before: number, now: number) => number): boolean {
    let complete = true;
    const { text, starts, ends } = words;
    for (let first = 0; first < starts.length; first++) {
      let hash = OFFSET;
      const last = Math.min(first + FRAGMENT_WORDS, starts.length);
      for (let word = first; word < last; word++) {
        hash = hashed(hash, text, starts[word] ?? 0, ends[word] ?? 0);
        if (!this.#put(hash, origin, merge)) complete = false;
      }
    }
    for (const [from, to] of numberGroups(words, FRAGMENT_WORDS)) {
      if (!this.#put(hashOf(words, from, to), origin, merge)) complete = false;
    }
    return complete;
  }

  /** Where the words from `from` to `to` were seen: at most `FRAGMENT_WORDS` of them, or a number; undefined when nowhere. */
  find(words: Words, from: number, to: number): number | undefined {
    return this.#get(hashOf(words, from, to));
  }

  #put(hash: number, origin: number, merge: (before: number, now: number) => number): boolean {
    const key = keyOf(hash);
    let slot = this.#slot(key);
    if (this.#keys[slot] === key) {
      const before = this.#origins[slot] ?? 0;
      if (before !== origin) this.#origins[slot] = merge(before, origin);
      return true;
    }
    if (this.#size >= this.#most) return false;
    if (this.#size >= fullAt(this.#keys.length)) {
      this.#grow();
      slot = this.#slot(key);
    }
    this.#keys[slot] = key;
    this.#origins[slot] = origin;
    this.#size++;
    return true;
  }

  #get(hash: number): number | undefined {
    const key = keyOf(hash);
    const slot = this.#slot(key);
    return this.#keys[slot] === key ? this.#origins[slot] : undefined;
  }

  /** Where the key is, or would be. */
  #slot(key: number): number {
    const mask = this.#keys.length - 1;
    let slot = spread(key ^ this.#seed) & mask;
    for (;;) {
      const held = this.#keys[slot];
      if (held === key || held === 0) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #grow(): void {
    const keys = this.#keys;
    const origins = this.#origins;
    this.#keys = new Uint32Array(keys.length * 2);
    this.#origins = new Uint32Array(keys.length * 2);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? 0;
      if (key === 0) continue;
      const slot = this.#slot(key);
      this.#keys[slot] = key;
      this.#origins[slot] = origins[i] ?? 0;
    }
  }
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
const OFFSET = 0x811c9dc5 | 0;
function hashed(hash: number, text: string, from: number, to: number): number {
  let next = hash;
  for (let at = from; at < to; at++) next = Math.imul(next ^ text.charCodeAt(at), 0x01000193);
  return next;
}

function hashOf({ text, starts, ends }: Words, from: number, to: number): number {
  let hash = OFFSET;
  for (let word = from; word < to; word++) hash = hashed(hash, text, starts[word] ?? 0, ends[word] ?? 0);
  return hash;
}

/** No key is 0, which stands for an empty slot. */
function keyOf(hash: number): number {
  return hash === 0 ? 1 : hash >>> 0;
}

/** The finalizer of MurmurHash3. */
function spread(key: number): number {
  let h = key;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
