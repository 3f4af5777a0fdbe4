import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPath } from '../../src/inspect/path.ts';
import type { InspectPlatform } from '../../src/inspect/platform.ts';

const platform: InspectPlatform = {
  sql: { postgresql: () => [], sqlite: () => [], mysql: () => [] },
  shell: () => ({ commands: [] }),
  resolvePath: (path) => (path.startsWith('/srv/link') ? path.replace('/srv/link', '/etc') : path),
  parseUrl: () => undefined,
  baseDir: '/srv',
  homeDir: '/home/agent',
};

const reals = (given: string): string[] => readPath(given, platform).facts.map(({ real }) => real);
const findings = (given: string): string[] => readPath(given, platform).findings.map(({ id }) => id);

describe('the real path of a text', () => {
  it.each([
    ['/etc/passwd', '/etc/passwd'],
    ['//etc///passwd', '/etc/passwd'],
    ['/srv/../etc/passwd', '/etc/passwd'],
    ['/../../etc/passwd', '/etc/passwd'],
    ['notes.md', '/srv/notes.md'],
    ['./a/./b/../c', '/srv/a/c'],
    ['../etc/passwd', '/etc/passwd'],
    ['~/.ssh/id_rsa', '/home/agent/.ssh/id_rsa'],
    ['~', '/home/agent'],
    ['file:///etc/passwd', '/etc/passwd'],
    ['file:/etc/passwd', '/etc/passwd'],
    ['FILE://localhost/etc/passwd', '/etc/passwd'],
    ['/srv/link/passwd', '/etc/passwd'],
    ['link/../passwd', '/passwd'],
    [' /etc/passwd', '/etc/passwd'],
    ['\tfile:///etc/passwd', '/etc/passwd'],
    ['file:///srv/x?/y', '/srv/x?/y'],
    ['', '/srv'],
  ])('%j is %s', (given, real) => {
    expect(reals(given)).toContain(real);
  });

  it('is every spelling that a server could read', () => {
    expect(reals('/srv/a%20b')).toEqual(['/srv/a%20b', '/srv/a b']);
    expect(reals('/srv/%65tc')).toEqual(['/srv/%65tc', '/srv/etc']);
    expect(reals('C:\\Windows\\win.ini')).toContain('/C:/Windows/win.ini');
  });

  it.each([
    '..%2f..%2fetc/passwd',
    '%2e%2e/%2e%2e/etc/passwd',
    '/srv/%2e%2e/etc',
    '%252e%252e%252fetc',
    '/srv/．．/etc',
    '..\\..\\etc\\passwd%00.png',
  ])('a hidden step up denies: %j', (given) => {
    expect(readPath(given, platform).findings.some(({ denies }) => denies === 'GUARD_PATH')).toBe(true);
  });

  it.each([
    ['/etc/passwd\0.png', 'path.nul'],
    ['/etc/passwd%00.png', 'path.nul'],
    ['%c0%ae%c0%ae/etc', 'path.undecodable'],
    ['file://evil.example/share', 'path.remote'],
    ['file:////evil/share', 'path.remote'],
    ['~root/.bashrc', 'path.other_home'],
    ['x'.repeat(5000), 'path.too_long'],
  ])('%j is %s', (given, id) => {
    expect(findings(given)).toEqual([id]);
  });

  it('says when it leads out of its folder', () => {
    expect(findings('../etc/passwd')).toEqual(['path.escape']);
    expect(findings('link/passwd')).toEqual(['path.link_escape']);
    expect(findings('a/../b')).toEqual([]);
  });

  it('is always absolute and normalised, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a.%2/\\~-]{0,40}$/)), (given) => {
        for (const { real } of readPath(given, platform).facts) {
          expect(real.startsWith('/')).toBe(true);
          expect(real.split('/').slice(1)).not.toContain('..');
        }
      }),
      { numRuns: 2000 },
    );
  });
});
