import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alternativeNames } from '../../../src/api/tls/client-certificate.ts';
import { tlsOptions } from '../../../src/api/tls/material.ts';
import { Authority, type Issued } from './authority.ts';
import { hasOpenssl } from './openssl.ts';

let authority: Authority;
let own: Issued;
let other: Issued;

beforeAll(() => {
  if (!hasOpenssl) return;
  authority = new Authority();
  own = authority.issue('DNS:gate.test', 'serverAuth');
  other = authority.issue('DNS:gate.test', 'serverAuth');
});
afterAll(() => {
  if (hasOpenssl) authority.remove();
});

describe.skipIf(!hasOpenssl)('what a door shows', () => {
  it('is taken with its own key and a root', () => {
    expect(tlsOptions({ ...own, clientCa: undefined })).not.toHaveProperty('ca');
    expect(tlsOptions({ ...own, clientCa: authority.root })).toMatchObject({
      ca: authority.root,
      minVersion: 'TLSv1.2',
    });
  });

  it.each<[string, () => Parameters<typeof tlsOptions>[0]]>([
    ['another key', () => ({ ...own, key: other.key, clientCa: undefined })],
    ['no key', () => ({ ...own, key: 'secret text', clientCa: undefined })],
    ['no certificate', () => ({ ...own, cert: '', clientCa: undefined })],
    ['no root', () => ({ ...own, clientCa: 'no certificate' })],
    ['a root that issues nothing', () => ({ ...own, clientCa: other.cert })],
  ])('is refused with %s, and nothing of the key is told', (_, material) => {
    const read = () => tlsOptions(material());
    expect(read).toThrow(/^\[daemon\.tls\] cannot be used: /);
    expect(read).not.toThrow(/secret text|PRIVATE/);
  });
});

describe.skipIf(!hasOpenssl)('alternative names', () => {
  it('are read as Node.js writes them', () => {
    expect(alternativeNames('DNS:a.test, URI:spiffe://x/y, IP Address:127.0.0.1')).toEqual([
      { kind: 'DNS', value: 'a.test' },
      { kind: 'URI', value: 'spiffe://x/y' },
      { kind: 'IP Address', value: '127.0.0.1' },
    ]);
  });

  it('cannot be smuggled in within another name (CVE-2021-44532)', () => {
    expect(alternativeNames('URI:"http://evil.test, DNS:gate.test"')).toEqual([
      { kind: 'URI', value: 'http://evil.test, DNS:gate.test' },
    ]);
  });

  it.each(['DNS', 'DNS:a"b', 'DNS:"a', 'DNS:a,URI:b', ':x'])('are none in %j', (text) => {
    expect(alternativeNames(text)).toEqual([]);
  });
});
