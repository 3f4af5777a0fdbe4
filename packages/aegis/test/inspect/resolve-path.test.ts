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

  test('sees what was made meanwhile, be it a file, a folder or a link', () => {
    const place = join(folder, 'later');
    const below = join(place, 'a/b.md');
    const steps: readonly [() => void, string][] = [
      [() => {}, below],
      [() => symlinkSync(outside, place), join(outside, 'a/b.md')],
      [() => rmSync(place), below],
      [() => symlinkSync(join(outside, 'nowhere'), place), join(outside, 'nowhere/a/b.md')],
      [() => rmSync(place), below],
      [() => mkdirSync(place), below],
      [() => symlinkSync(outside, join(place, 'a')), join(outside, 'b.md')],
      [() => rmSync(place, { recursive: true }), below],
    ];
    for (const [change, expected] of steps) {
      change();
      for (const _ of [1, 2]) expect(resolvePath(below)).toBe(expected);
    }
  });

  test('takes a step up where the system does, also behind what is not there', () => {
    for (const _ of [1, 2]) {
      expect(resolvePath(join(folder, 'none/x'))).toBe(join(folder, 'none/x'));
      expect(resolvePath(`${folder}/none/../docs/a.md`)).toBe(join(folder, 'docs/a.md'));
      expect(resolvePath(`${folder}/docs/a.md/../x`)).toBe(join(folder, 'docs/x'));
      expect(resolvePath(`${folder}/nonesuch`)).toBe(join(folder, 'nonesuch'));
    }
    expect(() => resolvePath(`${folder}/none/${'x/'.repeat(3_000)}`)).toThrow('ENAMETOOLONG');
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
