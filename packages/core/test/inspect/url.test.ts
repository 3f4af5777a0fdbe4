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
    'http://localhost.localdomain/',
    'http://10.0.0.1.nip.io/',
    'http://app-127-0-0-1.nip.io/',
    'http://app.localtest.me/',
    'http://ip-10-1-2-3.example.com/',
    'http://192.168.0.1.example.com/',
    'http://0x0a000001/',
    'http://[::ffff:0a00:0001]/',
    'http://[64:ff9b:1::1]/',
    'http://①②⑦.⓪.⓪.①/',
    'http://127。0。0。1/',
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
    'http://example.com#@10.0.0.1/',
    'http://example.com?@127.0.0.1/',
    'http://127.0.0.1#@example.com/',
    'http://127.0.0.1@example.com/',
    'http://localhost:80;@example.com/',
    'http://ⓔⓧⓐⓜⓟⓛⓔ.ⓒⓞⓜ/',
    'http://ex%61mple.com/',
    'http://0x08080808/',
    'http://134744072/',
    'http://8.8.2056/',
    'http://010.8.8.8/',
    'http://010.1.1.1/',
  ])('what parsers read in two ways is refused or not public: %s', (given) => {
    const { fact, findings } = readUrl(given, platform);
    expect(fact?.internal === true || findings.some(({ denies }) => denies === 'GUARD_SSRF')).toBe(true);
  });

  it.each([
    'https://example.com#section',
    'https://example.com?user=ada@example.org',
    'https://example.com/#10.0.0.1',
    'https://example.com#3',
    'https://v1.2.3.example.com/',
    'https://1.1.1.1/',
    'https://例え.jp/',
    'https://accounts.example.com/auth?redirect_uri=https%3A%2F%2Fapp.example.org%2F',
    'https://example.com/releases/tag/v10.0.0.1',
    'https://build-2026-01-02.example.com/',
  ])('is public, and nothing is said against it: %s', (given) => {
    expect(readUrl(given, platform)).toMatchObject({ fact: { internal: false }, findings: [] });
  });

  it.each([
    ['https://proxy.example.com/?url=http://169.254.169.254/latest/', 'url.carried_metadata', 'GUARD_SSRF'],
    ['https://proxy.example.com/?url=http%3A%2F%2F169.254.169.254%2F', 'url.carried_metadata', 'GUARD_SSRF'],
    ['https://proxy.example.com/?url=http://127.0.0.1:8080/', 'url.carried_internal', undefined],
    ['https://example.com:6379/', 'url.port', undefined],
    ['https://api.example.com/v1?access_token=0123456789abcdef', 'url.credentials', undefined],
  ])('%s has %s', (given, id, denies) => {
    const found = readUrl(given, platform).findings.find((finding) => finding.id === id);
    expect(found?.denies).toBe(denies);
    expect(found).toBeDefined();
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
