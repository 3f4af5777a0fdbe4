import type { ConfiguredOidc } from './configured/doors.ts';
import { isLoopback } from './loopback.ts';
import type { Report } from './routes.ts';
import { OAUTH_ALGORITHMS } from './schema/oauth.ts';
import type { OidcEntry } from './schema.ts';

const SESSION_MINUTES = 60;

/** Reads where people sign in. Nothing but this machine is spoken to without TLS. */
export function readOidc(entry: OidcEntry, report: Report): ConfiguredOidc {
  for (const key of ['issuer', 'url'] as const) {
    const url = URL.parse(entry[key]);
    const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
    if (!safe) report('bad-value', ['oidc', key], `\`${entry[key]}\` can be changed on its way`, 'use https');
  }
  if (URL.parse(entry.url)?.pathname !== '/') {
    report(
      'bad-value',
      ['oidc', 'url'],
      'the address of the daemon has no path',
      'for example https://aegis.acme.test',
    );
  }
  return {
    issuer: entry.issuer,
    clientId: entry.client_id,
    clientSecret: entry.client_secret,
    url: new URL(entry.url).origin,
    scopes: [...new Set(['openid', ...(entry.scopes ?? [])])],
    name: entry.name ?? 'sub',
    claim: entry.claim ?? 'groups',
    sessionMs: (entry.session_minutes ?? SESSION_MINUTES) * 60_000,
    algorithms: entry.algorithms ?? OAUTH_ALGORITHMS,
    grants: entry.roles.map(({ value, roles, tenant }) => ({ value, roles, tenant })),
  };
}
