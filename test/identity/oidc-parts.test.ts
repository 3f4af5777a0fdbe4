// Signing in at a provider, part by part: what the daemon as a whole cannot be brought to show.
import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSignInPages } from '../../packages/aegis/src/api/sign-in/sign-in-pages.ts';
import { PersonSessions } from '../../packages/aegis/src/identity/oidc/person-sessions.ts';
import { OidcSignIn } from '../../packages/aegis/src/identity/oidc/person-sign-in.ts';
import { Provider } from '../../packages/aegis/src/identity/oidc/provider.ts';
import { OidcProvider } from '../servers/oidc-provider.ts';

const clock = { now: () => Date.now() };
const key = new Uint8Array(32).fill(7);
const CHALLENGE = { verifier: 'v'.repeat(43), challenge: hash('sha256', 'v'.repeat(43), 'base64url') };

let provider: OidcProvider;

beforeAll(async () => {
  provider = await OidcProvider.open('secret');
});
afterAll(() => provider.close());

const found = (): Provider => {
  const { issuer } = provider;
  return new Provider({ issuer, clientId: 'aegis', clientSecret: 'secret', algorithms: ['RS256'] }, clock);
};

/** The sign-in of a daemon whose configuration names an issuer. */
function signInAt(issuer: string): OidcSignIn {
  const grants = [{ value: 'approvers', roles: ['approver'] as const, tenant: undefined }];
  const rules = { issuer, name: 'sub', claim: 'groups', grants, isTaken: () => false };
  const sessions = new PersonSessions({ key, clock, rules, lifeMs: 60_000, cookie: 'person' });
  return new OidcSignIn({
    ...{ provider: found(), sessions, rules, clock, key, clientId: 'aegis', scopes: ['openid'] },
    redirectUri: 'http://127.0.0.1/v1/sign-in/callback',
    cookie: 'flow',
    record: () => Promise.resolve(),
  });
}

/** What a program holds of somebody who has signed in. */
async function renewalOf(signIn: OidcSignIn): Promise<string> {
  const { challenge, verifier } = CHALLENGE;
  const begun = await signIn.begin({ to: '/', loopback: { port: 1024, challenge, state: 's'.repeat(16) } });
  const back = (await fetch(begun.location, { redirect: 'manual' })).headers.get('location') ?? '';
  const query = Object.fromEntries(new URL(back).searchParams);
  const done = await signIn.finish(query, `flow=${begun.flow}`, 'here');
  if (done.kind !== 'program') throw new Error('signed in for a browser');
  const code = new URL(done.back).searchParams.get('code') ?? '';
  return (await signIn.redeem(code, verifier)).renewal ?? '';
}

it('a provider is found once for all who come at the same time', async () => {
  const one = found();
  const all = await Promise.all([one.places(), one.places(), one.places()]);
  expect(new Set(all).size).toBe(1);
});

describe('a renewal', () => {
  it('is not used up while the provider is away', async () => {
    const signIn = signInAt(provider.issuer);
    const renewal = await renewalOf(signIn);
    provider.away = true;
    await expect(signIn.renew(renewal, 'here')).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    provider.away = false;
    expect(await signIn.renew(renewal, 'here')).toMatchObject({ person: { name: 'ada' } });
    await expect(signIn.renew(renewal, 'here')).rejects.toThrow('used before');
  });

  it('carries a refresh token of 4096 characters, and a longer one is as none', async () => {
    const signIn = signInAt(provider.issuer);
    provider.refreshBytes = 2_048;
    const renewal = await renewalOf(signIn);
    expect(await signIn.renew(renewal, 'here')).toMatchObject({ person: { name: 'ada' } });
    provider.refreshBytes = 2_049;
    expect(await renewalOf(signIn)).toBe('');
    provider.refreshBytes = 16;
  });

  it('that one provider gave is shown to no other one', async () => {
    const renewal = await renewalOf(signInAt(provider.issuer));
    const asked = provider.tokensAsked;
    await expect(signInAt('https://other.test').renew(renewal, 'here')).rejects.toThrow('is over');
    expect(provider.tokensAsked).toBe(asked);
  });
});

it('a web page that sends a browser to the callback locks nobody out', async () => {
  const failed: string[] = [];
  const pages = createSignInPages({
    ...{ signIn: signInAt(provider.issuer), secure: false, cookies: { flow: 'flow', session: 'person' } },
    ...{ sourceOf: () => 'here', isLocked: () => false, end: () => false, newId: () => 'req_1' },
    failed: (source) => failed.push(source),
  });
  const server = createServer((request, response) => void pages(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/sign-in/callback?code=x&state=y`;
  const come = async (headers: Record<string, string>) => (await fetch(url, { headers })).status;
  expect(await come({})).toBe(401);
  expect(failed).toEqual([]);
  expect(await come({ Cookie: 'flow=guessed' })).toBe(401);
  expect(failed).toEqual(['here']);
  await new Promise((done) => server.close(done));
});
