import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ObjectStore, openObjectStore } from './store.ts';

let folder: string;
let store: ObjectStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'example-objects-'));
  mkdirSync(join(folder, 'root'));
  writeFileSync(join(folder, 'outside.txt'), 'outside');
  store = openObjectStore(join(folder, 'root'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('the object store', () => {
  it('gives back what was put, and replaces it', () => {
    store.put('silver/a.csv', 'first');
    store.put('silver/a.csv', 'zwölf');
    expect(store.get('silver/a.csv')).toBe('zwölf');
  });

  it('lists keys in order, by prefix', () => {
    for (const key of ['silver/b.csv', 'bronze/a.csv', 'silver/deep/a.csv']) store.put(key, '');
    expect(store.list()).toEqual(['bronze/a.csv', 'silver/b.csv', 'silver/deep/a.csv']);
    expect(store.list('silver/')).toEqual(['silver/b.csv', 'silver/deep/a.csv']);
    expect(store.list('gold/')).toEqual([]);
  });

  it('states size and digest of the bytes, not of the characters', () => {
    const expected = {
      key: 'a.txt',
      size: 3,
      sha256: createHash('sha256').update('é!').digest('hex'),
    };
    expect(store.put('a.txt', 'é!')).toEqual(expected);
    expect(store.stat('a.txt')).toEqual(expected);
  });

  it('promotes silver to gold byte for byte, and nothing else', () => {
    store.put('silver/deep/a.csv', 'id\n1\n');
    expect(store.promote('silver/deep/a.csv')).toMatchObject({ key: 'gold/deep/a.csv' });
    expect(store.get('gold/deep/a.csv')).toBe('id\n1\n');
    store.put('bronze/a.csv', '');
    expect(() => store.promote('bronze/a.csv')).toThrow(/only `silver/);
    expect(() => store.promote('silver')).toThrow(/only `silver/);
    expect(() => store.promote('silver/missing.csv')).toThrow(/no such object/);
  });

  it.each([
    '../outside.txt',
    'silver/../../outside.txt',
    '/etc/passwd',
    '..\\outside.txt',
    '',
    'silver//a.csv',
    'silver/',
    '.',
    '..',
    '.hidden',
    'silver/.hidden',
    'a\0b',
    'a%2f..%2fb',
    'C:a',
    'a\nb',
    'x'.repeat(257),
  ])('refuses the key %j everywhere', (key) => {
    expect(() => store.get(key)).toThrow(/a key is/);
    expect(() => store.put(key, 'x')).toThrow(/a key is/);
    expect(() => store.stat(key)).toThrow(/a key is/);
    expect(() => store.promote(key)).toThrow(/a key is/);
    expect(readFileSync(join(folder, 'outside.txt'), 'utf8')).toBe('outside');
  });

  it('does not follow a symbolic link out of its folder, neither reading nor writing', () => {
    symlinkSync(join(folder, 'outside.txt'), join(folder, 'root/link.txt'));
    symlinkSync(folder, join(folder, 'root/linked'));
    expect(() => store.get('link.txt')).toThrow(/no such object/);
    expect(() => store.get('linked/outside.txt')).toThrow(/no such object/);
    expect(() => store.put('linked/outside.txt', 'x')).toThrow(/outside the store/);
    store.put('link.txt', 'replaced');
    expect(readFileSync(join(folder, 'outside.txt'), 'utf8')).toBe('outside');
    expect(store.get('link.txt')).toBe('replaced');
  });
});
