import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createIds, digest } from '../src/platform.ts';

const clock = { value: 1_800_000_000_123, now: () => clock.value };

describe('identifiers', () => {
  it('are UUID version 7 behind a prefix', () => {
    const id = createIds(clock).next('call');
    expect(id).toMatch(/^call_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
    expect(Number.parseInt(id.slice(5, 17), 16)).toBe(clock.value);
  });

  it('sort by the millisecond in which they were made', () => {
    const ids = createIds(clock);
    const made: string[] = [];
    for (const ms of [0, 1, 1000, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 2 ** 48 - 1]) {
      clock.value = ms;
      made.push(ids.next('ses'));
    }
    expect(made.toSorted()).toEqual(made);
  });

  it('are unique, and their random bytes are spread', () => {
    const ids = createIds(clock);
    expect(new Set(Array.from({ length: 20_000 }, () => ids.next('req'))).size).toBe(20_000);
    const seen = new Set<number>();
    for (const byte of ids.random(10_000)) seen.add(byte);
    expect(seen.size).toBe(256);
  });

  it('are drawn from bytes of which none is given twice', () => {
    const ids = createIds(clock);
    const drawn = Array.from({ length: 1000 }, () => ids.random(33));
    const texts = drawn.map((bytes) => Buffer.from(bytes).toString('hex'));
    expect(new Set(texts).size).toBe(1000);
    for (const bytes of drawn) expect(bytes).toHaveLength(33);
    // What was handed out earlier is not touched by what is drawn later.
    expect(drawn.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual(texts);
  });
});

describe('a digest', () => {
  it('has the same bytes where there is a place for them, and no others are written', () => {
    for (let i = 0; i < 100; i++) {
      const data = Buffer.from(`data ${i}`);
      const expected = createHash('sha256').update(data).digest();
      const out = new Uint8Array(40).fill(7);
      expect(digest(data, out, 3)).toBe(out);
      expect(Buffer.from(out)).toEqual(Buffer.concat([Buffer.alloc(3, 7), expected, Buffer.alloc(5, 7)]));
      expect(digest(data)).toEqual(expected);
    }
  });
});
