import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolvePath } from '../../src/inspect/resolve-path.ts';

let folder: string;
let outside: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'aegis-path-')));
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'aegis-outside-')));
  mkdirSync(join(folder, 'docs/deep'), { recursive: true });
  writeFileSync(join(folder, 'docs/a.md'), '');
});
afterAll(() => {
  for (const one of [folder, outside]) rmSync(one, { recursive: true });
});

function link(name: string, target: string): string {
  const path = join(folder, name);
  symlinkSync(target, path);
  return path;
}

describe('a path as the system walks it', () => {
  test('is itself where there are no links', () => {
    expect(resolvePath(join(folder, 'docs/a.md'))).toBe(join(folder, 'docs/a.md'));
    expect(resolvePath('/')).toBe('/');
  });

  test('keeps what does not exist yet behind what does', () => {
    expect(resolvePath(join(folder, 'docs/new/file.md'))).toBe(join(folder, 'docs/new/file.md'));
    expect(resolvePath('/no/such/folder/at/all')).toBe('/no/such/folder/at/all');
  });

  test('treats what lies below a file as not existing', () => {
    expect(resolvePath(join(folder, 'docs/a.md/below'))).toBe(join(folder, 'docs/a.md/below'));
  });

  test('goes through links to folders, also to what does not exist in them', () => {
    link('elsewhere', outside);
    expect(resolvePath(join(folder, 'elsewhere'))).toBe(outside);
    expect(resolvePath(join(folder, 'elsewhere/new.md'))).toBe(join(outside, 'new.md'));
  });

  test('goes through a link whose target is not there yet: writing to it makes the target', () => {
    const path = link('dangling', join(outside, 'not-there-yet'));
    expect(resolvePath(path)).toBe(join(outside, 'not-there-yet'));
    expect(resolvePath(join(path, 'below'))).toBe(join(outside, 'not-there-yet/below'));
  });

  test('reads a relative link from the real folder that holds it', () => {
    link('docs/up', '../../not-there-either');
    expect(resolvePath(join(folder, 'docs/up'))).toBe(join(folder, '../not-there-either'));
    link('short', 'docs/deep');
    link('docs/deep/relative', '../nothing');
    expect(resolvePath(join(folder, 'short/relative'))).toBe(join(folder, 'docs/nothing'));
  });

  test('follows a chain of links that ends in nothing', () => {
    link('third', join(outside, 'end'));
    link('second', 'third');
    const first = link('first', 'second');
    expect(resolvePath(first)).toBe(join(outside, 'end'));
  });

  test('is not known for a loop of links', () => {
    link('ping', 'pong');
    const path = link('pong', 'ping');
    expect(() => resolvePath(path)).toThrow(/ELOOP/);
    expect(() => resolvePath(join(path, 'below'))).toThrow(/ELOOP/);
  });

  test('is not known when it is too long for the system', () => {
    expect(() => resolvePath(join(folder, 'x'.repeat(300)))).toThrow(/ENAMETOOLONG/);
  });
});
