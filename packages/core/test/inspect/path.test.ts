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
  it.each(['/a/0x2e0x2e/b', 'a..2f..2fetc', 'Li4vZXRj', '/srv/..../etc', '/srv/%2e%2e/etc', '/srv/..;/etc'])(
    '%s is never taken for a plain one',
    (given) => {
      expect(findings(given)).toEqual(['path.encoded_traversal']);
    },
  );

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
    '..;/..;/etc/passwd',
    '..;x/..;x/etc/passwd',
    '..∕..∕etc/passwd',
    '..::$DATA/etc',
    '․․/etc/passwd',
    '‥/etc/passwd',
    '.../.../etc/passwd',
    '....//....//etc/passwd',
    '..../\\..../\\etc/passwd',
    '%u002e%u002e/etc/passwd',
    '..%u2215..%u2215etc/passwd',
    '%uff0e%uff0e/etc/passwd',
    '0x2e0x2e0x2fetc/passwd',
    '..0x5c..0x5cboot.ini',
    '.?/.?/etc/passwd',
    '??/??/etc/passwd',
    '..%01/..%01/etc/passwd',
    '.\\./.\\./etc/passwd',
    './\\/././\\/./etc/passwd',
    '..%bg%qf..%bg%qfetc/passwd',
    '..2f..2f..2fetc2fpasswd',
    '%%32%65%%32%65/etc/passwd',
    'Li4vLi4vLi4vZXRjL3Bhc3N3ZA==',
  ])('a hidden step up denies: %j', (given) => {
    expect(readPath(given, platform).findings.some(({ denies }) => denies === 'GUARD_PATH')).toBe(true);
  });

  it.each([
    ['/etc/passwd\0.png', 'path.nul'],
    ['/etc/passwd%00.png', 'path.nul'],
    ['%c0%ae%c0%ae/etc', 'path.undecodable'],
    ['file://evil.example/share', 'path.remote'],
    ['php://filter/resource=/etc/passwd', 'path.remote'],
    ['http://evil.example/x', 'path.remote'],
    ['expect://id', 'path.remote'],
    ['file:////evil/share', 'path.remote'],
    ['~root/.bashrc', 'path.other_home'],
    ['$HOME/notes.md', 'path.variable'],
    ['${HOME}/notes.md', 'path.variable'],
    ['%USERPROFILE%\\notes.md', 'path.variable'],
    ['$env:APPDATA/notes.md', 'path.variable'],
    ['.env', 'path.credential'],
    ['config/.aws/credentials', 'path.credential'],
    ['x'.repeat(5000), 'path.too_long'],
  ])('%j is %s', (given, id) => {
    expect(findings(given)).toEqual([id]);
  });

  it.each([
    'a..b/c',
    '..hidden/x',
    'app/[...slug]/page.tsx',
    './...',
    'report 100%.txt',
    '50%25 off.md',
    'what?.md',
    'a;b.txt',
    'src/*.?',
    'docs/Q&A.md',
    "weird'quote.txt",
    '0x2f.bin',
    '2f/5c.txt',
    'Li4vLi4.txt',
    'logs/2026-01-01T00:00:00Z.log',
    '日本語/ファイル.txt',
  ])('is inside, and nothing is said against it: %j', (given) => {
    expect(findings(given)).toEqual([]);
    expect(reals(given).every((real) => real.startsWith('/srv/'))).toBe(true);
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
