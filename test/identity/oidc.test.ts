// People who sign in at an OpenID Connect provider, and everybody who is none of them.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { aegis } from '../e2e/aegis.ts';
import { Browser } from '../servers/browser.ts';
import {
  makeRsaKey,
  OidcProvider,
  signedBy,
  signedWithPublicKey,
  unsigned,
} from '../servers/oidc-provider.ts';
import { OidcGround } from './oidc-ground.ts';

const ground = new OidcGround();

beforeAll(() => ground.start(), 60_000);
afterAll(() => ground.remove());
afterEach(() => {
  ground.provider.change = () => {};
  ground.provider.forge = undefined;
  ground.provider.iss = ground.provider.issuer;
  ground.provider.user = { sub: 'ada', groups: ['approvers'] };
});

const COOKIE = 'aegis_person';

/** How a sign-in ends for a new browser. */
async function attempt(): Promise<{ status: number; text: string; browser: Browser }> {
  const browser = new Browser();
  const { response } = await browser.follow(`${ground.url}/v1/sign-in`);
  return { status: response.status, text: await response.text(), browser };
}

/** Why a new browser is not let in. */
async function refused(): Promise<string> {
  const { status, text, browser } = await attempt();
  if (status !== 401 || browser.cookie(ground.url, COOKIE) !== undefined) return `let in: ${status}`;
  return text;
}

async function whoami(browser: Browser): Promise<Record<string, unknown>> {
  return (await (await browser.get(`${ground.url}/v1/whoami`)).json()) as Record<string, unknown>;
}

describe('somebody whose group has a role', () => {
  it('signs in, is known by a cookie that no script reads, and is on record', async () => {
    const browser = new Browser();
    const begun = await browser.get(`${ground.url}/v1/sign-in`);
    expect(begun.headers.getSetCookie()[0]).toMatch(
      /^aegis_flow=.+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
    );
    const known = await ground.signedIn({ sub: 'ada', groups: ['approvers', 'others'] });
    expect(await whoami(known)).toMatchObject({
      kind: 'person',
      name: 'ada',
      roles: ['approver'],
      permissions: ['sessions.read', 'approvals.read', 'approvals.decide'],
    });
    expect((await known.get(`${ground.url}/v1/policies`)).status).toBe(403);
    const { stdout } = await aegis(['events', '--json', '--after', '0', '--config', ground.configuration]);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).envelope);
    expect(events.find(({ event_type }) => event_type === 'PERSON_SIGNED_IN')).toMatchObject({
      payload: { person: 'ada', roles: ['approver'], issuer: ground.provider.issuer, subject: 'ada' },
    });
  });

  it('signs out: the cookie is taken back, and a copy of it is worth nothing', async () => {
    const browser = await ground.signedIn({ sub: 'ada', groups: ['admins'] });
    const copy = browser.cookie(ground.url, COOKIE) ?? '';
    const { csrf } = await whoami(browser);
    expect((await browser.post(`${ground.url}/v1/sign-out`, '')).status).toBe(403);
    const out = await browser.post(`${ground.url}/v1/sign-out`, '', { 'Aegis-Csrf': String(csrf) });
    expect(out.status).toBe(200);
    expect(browser.cookie(ground.url, COOKIE)).toBeUndefined();
    browser.setCookie(ground.url, COOKIE, copy);
    expect((await browser.get(`${ground.url}/v1/whoami`)).status).toBe(401);
  });

  it('answers on the page of an approval', async () => {
    const agent = { Authorization: 'Bearer bot-token', 'Content-Type': 'application/json' };
    const post = async (path: string, body: object) =>
      (await fetch(ground.url + path, { method: 'POST', headers: agent, body: JSON.stringify(body) })).json();
    const { session } = (await post('/v1/sessions', {})) as { session: string };
    const paying = post('/v1/actions', { session, type: 'pay', target: 'bank', params: { amount: 1 } });
    await expect.poll(() => ground.posted.length, { timeout: 10_000 }).toBe(1);
    const link = /http:\/\/127\.0\.0\.1:\d+\/approve\/[\w.~-]+/.exec(ground.posted[0] ?? '')?.[0] ?? '';
    const stranger = new Browser();
    const invited = await (await stranger.get(link)).text();
    const to = /href="(\/v1\/sign-in\?to=[^"]+)"/.exec(invited)?.[1] ?? '';
    const { url, response } = await stranger.follow(ground.url + to);
    expect(url).toBe(link);
    const page = await response.text();
    expect(page).toContain('You answer as ada.');
    const csrf = /name="csrf" value="([\w-]+)"/.exec(page)?.[1] ?? '';
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: ground.url };
    const forged = await stranger.post(link, 'decision=approve&csrf=guessed', form);
    expect(forged.status).toBe(403);
    const elsewhere = { ...form, Origin: 'https://evil.test' };
    expect((await stranger.post(link, `decision=approve&csrf=${csrf}`, elsewhere)).status).toBe(403);
    // SECURITY: a person of another tenant has nothing to answer here.
    const other = await ground.signedIn({ sub: 'eve', groups: ['acme-admins'] });
    const theirs = String((await whoami(other))['csrf']);
    expect((await other.post(link, `decision=approve&csrf=${theirs}`, form)).status).toBe(404);
    expect((await stranger.post(link, `decision=approve&csrf=${csrf}`, form)).status).toBe(200);
    expect(await paying).toMatchObject({ status: 'allowed' });
  });
});

describe('an ID token', () => {
  it('for another audience lets nobody in', async () => {
    ground.provider.change = ({ claims }) => (claims.aud = 'other');
    expect(await refused()).toMatch(/not good/);
  });

  it('for several audiences lets nobody in unless it was given to Aegis (azp)', async () => {
    ground.provider.change = ({ claims }) => (claims.aud = ['aegis', 'other']);
    expect(await refused()).toMatch(/somebody else/);
    ground.provider.change = ({ claims }) => Object.assign(claims, { azp: 'other' });
    expect(await refused()).toMatch(/somebody else/);
    ground.provider.change = ({ claims }) => Object.assign(claims, { aud: ['aegis', 'x'], azp: 'aegis' });
    expect((await attempt()).status).toBe(200);
  });

  it('that is not signed (`none`) lets nobody in', async () => {
    ground.provider.forge = unsigned;
    expect(await refused()).toMatch(/not good/);
  });

  it('that is signed with the public key as a shared secret (HS256) lets nobody in', async () => {
    ground.provider.forge = (making) => signedWithPublicKey(making, ground.provider.spki);
    expect(await refused()).toMatch(/not good/);
  });

  it('that is signed with a key of nobody lets nobody in', async () => {
    const { privateKey } = makeRsaKey();
    ground.provider.forge = (making) => signedBy(making, privateKey);
    expect(await refused()).toMatch(/not good/);
  });

  it('that has expired lets nobody in', async () => {
    ground.provider.change = ({ claims }) => (claims.exp = Math.floor(Date.now() / 1000) - 60);
    expect(await refused()).toMatch(/not good/);
  });

  it('of another issuer lets nobody in', async () => {
    ground.provider.change = ({ claims }) => (claims.iss = 'https://evil.test');
    expect(await refused()).toMatch(/not good/);
  });

  it('with the nonce of another sign-in, or none, lets nobody in', async () => {
    ground.provider.change = ({ claims }) => Object.assign(claims, { nonce: 'replayed' });
    expect(await refused()).toMatch(/another sign-in/);
    ground.provider.change = ({ claims }) => void delete claims['nonce'];
    expect(await refused()).toMatch(/another sign-in/);
  });

  it('that is an access token lets nobody in', async () => {
    ground.provider.change = ({ header }) => (header.typ = 'at+jwt');
    expect(await refused()).toMatch(/somebody else/);
  });

  it('without a group that has a role lets nobody in, whatever `userinfo` says', async () => {
    ground.provider.user = { sub: 'eve', groups: ['nobody'], roles: ['admin'], role: 'admin' };
    ground.provider.userinfo = { sub: 'eve', groups: ['admins'], roles: ['admin'] };
    expect(await refused()).toMatch(/nobody here has given you a role/);
    expect(ground.provider.userinfoAsked).toBe(0);
  });

  it('with groups of two tenants, or the name of somebody whom Aegis knows, lets nobody in', async () => {
    ground.provider.user = { sub: 'eve', groups: ['admins', 'acme-admins'] };
    expect(await refused()).toMatch(/several tenants/);
    ground.provider.user = { sub: 'Bot', groups: ['admins'] };
    expect(await refused()).toMatch(/somebody else here/);
  });
});

describe('the answer of a provider', () => {
  it('is good once: its state, its code and its cookie cannot be used again', async () => {
    const browser = new Browser();
    const back = await ground.atCallback(browser);
    const flow = browser.cookie(ground.url, 'aegis_flow') ?? '';
    expect((await browser.get(back.href)).status).toBe(303);
    browser.setCookie(ground.url, 'aegis_flow', flow);
    const again = await browser.get(back.href);
    expect(again.status).toBe(401);
    expect(await again.text()).toContain('used before');
    // A code that was used, in a sign-in of its own.
    const next = await ground.atCallback(browser);
    next.searchParams.set('code', back.searchParams.get('code') ?? '');
    expect((await browser.get(next.href)).status).toBe(401);
  });

  it('is nothing to another browser, or with another state', async () => {
    const browser = new Browser();
    const back = await ground.atCallback(browser);
    expect((await new Browser().get(back.href)).status).toBe(401);
    const other = new Browser();
    await ground.atCallback(other);
    // SECURITY: who makes another's browser come with his own answer signs nobody in (login CSRF).
    expect((await other.get(back.href)).status).toBe(401);
    back.searchParams.set('state', 'guessed');
    expect((await browser.get(back.href)).status).toBe(401);
  });

  it('that names another issuer, or none where it should, is not taken (mix-up)', async () => {
    ground.provider.iss = 'https://evil.test';
    expect(await refused()).toMatch(/another provider/);
    ground.provider.iss = undefined;
    expect(await refused()).toMatch(/another provider/);
  });

  it.each([
    'https://evil.test/',
    '//evil.test',
    '/\\evil.test',
    '/approve/../../evil',
    'javascript:alert(1)',
  ])('leads nobody to %s (open redirect)', async (to) => {
    const browser = new Browser();
    const { url } = await browser.follow(`${ground.url}/v1/sign-in?to=${encodeURIComponent(to)}`);
    expect(url).toBe(`${ground.url}/v1/whoami`);
  });

  it('of a provider that says it is another one counts for nothing', async () => {
    const other = await OidcProvider.open('x');
    const foreign = await new Browser().get(
      `${ground.url}/v1/sign-in/callback?code=x&state=y&iss=${other.issuer}`,
    );
    expect(foreign.status).toBe(401);
    other.close();
  });
});

describe('the cookie of a person', () => {
  it('changes nothing without the token of a page (CSRF), nor from another origin', async () => {
    const browser = await ground.signedIn({ sub: 'ada', groups: ['admins'] });
    const { csrf } = await whoami(browser);
    const json = { 'Content-Type': 'application/json' };
    const kill = JSON.stringify({ scope: 'agent', name: 'nobody-here', killed: true });
    const send = (headers: Record<string, string>) =>
      browser.post(`${ground.url}/v1/kills`, kill, { ...json, ...headers }).then(({ status }) => status);
    expect(await send({})).toBe(403);
    expect(await send({ 'Aegis-Csrf': 'guessed' })).toBe(403);
    expect(await send({ 'Aegis-Csrf': String(csrf), Origin: 'https://evil.test' })).toBe(403);
    expect([403, 401]).not.toContain(await send({ 'Aegis-Csrf': String(csrf), Origin: ground.url }));
  });

  it('of one tenant shows nothing of another, and a changed or doubled one shows nothing at all', async () => {
    const browser = await ground.signedIn({ sub: 'eve', groups: ['acme-admins'] });
    expect(await whoami(browser)).toMatchObject({ tenant: 'acme', roles: ['admin'] });
    const page = await (await browser.get(`${ground.url}/v1/sessions`)).json();
    expect(page).toEqual({ sessions: [] });
    const cookie = browser.cookie(ground.url, COOKIE) ?? '';
    const at = Math.floor(cookie.length / 2);
    const changed = cookie.slice(0, at) + (cookie[at] === 'A' ? 'B' : 'A') + cookie.slice(at + 1);
    for (const wrong of [changed, `${cookie}; ${COOKIE}=${cookie}`, 'x']) {
      const response = await fetch(`${ground.url}/v1/whoami`, { headers: { Cookie: `${COOKIE}=${wrong}` } });
      expect(response.status).toBe(401);
    }
    // What is for a browser is no token of a program, and an agent's token beside it is an agent's.
    for (const token of [`aegis-person.${cookie}`, cookie]) {
      const headers = { Authorization: `Bearer ${token}` };
      expect((await fetch(`${ground.url}/v1/whoami`, { headers })).status).toBe(401);
    }
    const both = { Authorization: 'Bearer bot-token', Cookie: `${COOKIE}=${cookie}` };
    expect(await (await fetch(`${ground.url}/v1/whoami`, { headers: both })).json()).toMatchObject({
      kind: 'agent',
    });
  });
});

it('a provider that cannot be asked lets nobody in, and says nothing of itself', async () => {
  const dead = new OidcGround();
  await dead.start();
  dead.provider.close();
  const response = await fetch(`${dead.url}/v1/sign-in`);
  expect(response.status).toBe(502);
  expect(await response.text()).toContain('cannot be asked now');
  await dead.remove();
});
