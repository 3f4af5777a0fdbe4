import { describe, expect, it } from 'vitest';
import type { InspectPlatform, ParsedUrl } from '../../src/inspect/platform.ts';
import { readUrl } from '../../src/inspect/url.ts';

// The parser of the platform that runs the tests; this package has none of its own.
const { URL } = globalThis as unknown as { URL: { parse(text: string): ParsedUrl | null } };

const platform: InspectPlatform = {
  sql: { postgresql: () => [], sqlite: () => [], mysql: () => [] },
  shell: () => ({ commands: [] }),
  resolvePath: (path) => path,
  parseUrl: (text) => URL.parse(text) ?? undefined,
  baseDir: '/srv',
  homeDir: '/home/agent',
};

describe('where a URL leads', () => {
  it.each([
    ['https://example.com/a?b#c', 'example.com'],
    ['https://EXAMPLE.com.:8443/', 'example.com'],
    ['https://bücher.example/', 'xn--bcher-kva.example'],
    ['https://8.8.8.8/', '8.8.8.8'],
    ['https://[2606:4700::1111]/', '2606:4700::1111'],
  ])('%s leads to the public host %s', (given, host) => {
    expect(readUrl(given, platform)).toMatchObject({ fact: { host, internal: false }, findings: [] });
  });

  it.each([
    'http://localhost/',
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://10.0.0.7/',
    'http://192.168.1.1/',
    'http://172.16.0.1/',
    'http://100.64.0.1/',
    'http://0.0.0.0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://intranet/',
    'http://printer.local/',
    'http://db.internal/',
  ])('%s is not public', (given) => {
    expect(readUrl(given, platform).fact?.internal).toBe(true);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://[::ffff:169.254.169.254]/',
    'http://metadata.google.internal/',
    'http://metadata.google.internal./',
    'http://[fd00:ec2::254]/',
  ])('the metadata service denies: %s', (given) => {
    expect(readUrl(given, platform).findings).toMatchObject([{ id: 'url.metadata', denies: 'GUARD_SSRF' }]);
  });

  it.each([
    ['https://user:pass@example.com/', 'url.credentials'],
    ['https://example.com\\@evil.example/', 'url.ambiguous'],
    ['https://exa\tmple.com/', 'url.ambiguous'],
    ['https://', 'url.unparsable'],
    ['gopher://example.com/', 'url.scheme'],
    [`https://example.com/${'a'.repeat(9000)}`, 'url.too_long'],
  ])('%j has %s', (given, id) => {
    expect(readUrl(given, platform).findings.map((finding) => finding.id)).toContain(id);
  });
});
