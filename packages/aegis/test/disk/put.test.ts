import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFile } from '../../src/disk/lock.ts';
import { removeLeftovers, replaceOwnFile, writeNewOwnFile } from '../../src/disk/put.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-disk-'));
  file = join(folder, 'own');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file of the owner', () => {
  it('is replaced as a whole, for the owner alone, and leaves nothing beside it', async () => {
    writeFileSync(file, 'before', { mode: 0o644 });
    await replaceOwnFile(file, 'after');
    expect(readFileSync(file, 'utf8')).toBe('after');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['own']);
  });

  it('has the text of one writer when many write at the same time', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(10_000));
    await Promise.all(texts.map((text) => replaceOwnFile(file, text)));
    expect(texts).toContain(readFileSync(file, 'utf8'));
    expect(readdirSync(folder)).toEqual(['own']);
  });

  it('that is new is written by the first, and the others leave it', async () => {
    await writeNewOwnFile(file, 'first');
    await writeNewOwnFile(file, 'second');
    expect(readFileSync(file, 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['own']);
  });

  it('that cannot be put in place leaves nothing beside it', async () => {
    await expect(replaceOwnFile(join(folder, 'none', 'own'), 'text')).rejects.toThrow('ENOENT');
    writeFileSync(file, 'before');
    await expect(replaceOwnFile(join(file, 'own'), 'text')).rejects.toThrow('ENOTDIR');
    expect(readdirSync(folder)).toEqual(['own']);
  });

  it('is freed of what killed writers left, and of nothing else', async () => {
    for (const name of ['.own.new-0a', '.own.new', '.other.new-0a']) writeFileSync(join(folder, name), '');
    await removeLeftovers(file);
    expect(readdirSync(folder).toSorted()).toEqual(['.other.new-0a', '.own.new']);
  });
});

describe('a lock', () => {
  it('is held by one at a time', async () => {
    const first = await lockFile(file, 0);
    expect(first).toBeDefined();
    expect(await lockFile(file, 0)).toBeUndefined();
    const waiting = lockFile(file, 60_000);
    first?.release();
    const second = await waiting;
    expect(second).toBeDefined();
    second?.release();
  });

  it('is never taken through a link', async () => {
    const target = join(folder, 'target');
    symlinkSync(target, file);
    await expect(lockFile(file, 0)).rejects.toThrow('is a link');
    expect(existsSync(target)).toBe(false);
  });
});
