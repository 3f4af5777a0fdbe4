import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/load.ts';

const read = (lines: string) =>
  readConfiguration(
    '/srv/aegis.toml',
    `[oidc]
${lines}
[[oidc.roles]]
value = "team"
roles = ["auditor"]
`,
  );

const GOOD = 'issuer = "https://id.acme.test"\nclient_id = "aegis"\nurl = "https://aegis.acme.test"';

describe('[oidc]', () => {
  it('has defaults, asks for `openid`, and lets a sign-in last an hour', () => {
    const { configuration, diagnostics } = read(GOOD);
    expect(diagnostics).toEqual([]);
    expect(configuration?.oidc).toMatchObject({
      url: 'https://aegis.acme.test',
      scopes: ['openid'],
      name: 'sub',
      claim: 'groups',
      sessionMs: 3_600_000,
      grants: [{ value: 'team', roles: ['auditor'], tenant: undefined }],
    });
  });

  it.each([
    ['a provider without TLS', GOOD.replace('https://id', 'http://id')],
    ['a daemon without TLS', GOOD.replace('https://aegis', 'http://aegis')],
    ['an address with a path', GOOD.replace('aegis.acme.test"', 'aegis.acme.test/x"')],
    ['a shared secret as an algorithm', `${GOOD}\nalgorithms = ["HS256"]`],
    ['no algorithm', `${GOOD}\nalgorithms = ["none"]`],
    ['a secret in the file', `${GOOD}\nclient_secret = "hunter2"`],
    ['a session of days', `${GOOD}\nsession_minutes = 10000`],
  ])('refuses %s', (_, lines) => {
    expect(read(lines).diagnostics.length).toBeGreaterThan(0);
  });

  it('refuses a mapping to no role, and to one that there is not', () => {
    const mapping = (roles: string) =>
      readConfiguration(
        '/srv/aegis.toml',
        `[oidc]\n${GOOD}\n[[oidc.roles]]\nvalue = "x"\nroles = ${roles}\n`,
      );
    for (const roles of ['[]', '["root"]']) expect(mapping(roles).diagnostics.length).toBeGreaterThan(0);
  });
});
