import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Browser } from '../servers/browser.ts';
import { OidcGround } from './oidc-ground.ts';

describe('a daemon that browsers reach by TLS', () => {
  const behind = new OidcGround();
  beforeAll(() => behind.start('https://aegis.acme.test'), 60_000);
  afterAll(() => behind.remove());

  it('binds its cookies to its own name and to TLS, and comes back by it', async () => {
    const begun = await fetch(`${behind.url}/v1/sign-in`, { redirect: 'manual' });
    expect(begun.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^__Host-aegis_flow=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
      ),
    ]);
    const location = new URL(begun.headers.get('location') ?? '');
    expect(location.searchParams.get('redirect_uri')).toBe('https://aegis.acme.test/v1/sign-in/callback');
    const from = (origin: string) =>
      fetch(`${behind.url}/v1/sign-out`, { method: 'POST', headers: { Origin: origin } });
    // Its own page is heard, and told that it shows nothing.
    expect(await (await from('https://aegis.acme.test')).text()).toContain('did not come from a page');
    expect(await (await from('https://evil.test')).text()).not.toContain('did not come from a page');
  });

  it('takes a cookie without that name for nothing', async () => {
    behind.provider.user = { sub: 'ada', groups: ['admins'] };
    const browser = new Browser();
    const back = await behind.atCallback(browser);
    const local = behind.url + back.pathname + back.search;
    const flow = browser.cookie(behind.url, '__Host-aegis_flow') ?? '';
    const tossed = await fetch(local, { headers: { Cookie: `aegis_flow=${flow}` }, redirect: 'manual' });
    expect(tossed.status).toBe(401);
    const doubled = `__Host-aegis_flow=${flow}; __Host-aegis_flow=x`;
    expect((await fetch(local, { headers: { Cookie: doubled }, redirect: 'manual' })).status).toBe(401);
    expect((await browser.get(local)).status).toBe(303);
  });
});
