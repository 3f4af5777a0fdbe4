import { resolve } from 'node:path';
import type { ConfiguredOAuth } from './configured/doors.ts';
import { isLoopback } from './loopback.ts';
import type { Report } from './routes.ts';
import { OAUTH_ALGORITHMS } from './schema/oauth.ts';
import type { OAuthEntry } from './schema.ts';

/** Reads whose access tokens count. Nothing but this machine is asked for keys without TLS. */
export function readOAuth(entry: OAuthEntry, directory: string, report: Report): ConfiguredOAuth {
  const { issuer, audience, jwks, claim = 'sub', scopes = [], typ = 'at+jwt' } = entry;
  const mustBeSafe = (key: 'issuer' | 'jwks', text: string): void => {
    const url = URL.parse(text);
    if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return;
    report('bad-value', ['oauth', key], `\`${text}\` can be changed on its way`, 'use https');
  };
  mustBeSafe('issuer', issuer);
  const isUrl = /^https?:/i.test(jwks);
  if (isUrl) mustBeSafe('jwks', jwks);
  return {
    issuer,
    audience,
    jwks: isUrl ? { kind: 'url', url: jwks } : { kind: 'file', file: resolve(directory, jwks) },
    claim,
    scopes,
    typ,
    algorithms: entry.algorithms ?? OAUTH_ALGORITHMS,
  };
}
