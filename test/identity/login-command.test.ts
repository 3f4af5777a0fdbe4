// `aegis login`, `whoami` and `logout` as a user runs them, with a browser beside the terminal.
import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aegis, executable } from '../e2e/aegis.ts';
import { Browser } from '../servers/browser.ts';
import { OidcGround } from './oidc-ground.ts';

const ground = new OidcGround();
let environment: Record<string, string>;
let file: string;

beforeAll(async () => {
  await ground.start();
  environment = { XDG_CONFIG_HOME: ground.folder };
  file = join(ground.folder, 'aegis/sign-in.json');
}, 60_000);
afterAll(() => ground.remove());

/** Runs `aegis login`; `browse` is given the address that it shows. */
async function login(browse: (address: string) => Promise<void>) {
  const child = spawn(process.execPath, [executable, 'login', '--url', ground.url, '--json'], {
    cwd: ground.folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: ground.folder, ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = new Promise<number | null>((done) => child.once('close', done));
  const address = (): string | undefined => /http:\/\/\S+/.exec(stderr)?.[0];
  await expect.poll(address, { timeout: 20_000 }).toBeDefined();
  await browse(address() ?? '');
  return { code: await code, stdout, stderr };
}

const whoami = () => aegis(['whoami', '--url', ground.url, '--json'], { cwd: ground.folder, environment });

it('nobody is signed in at first, and that has an exit code of its own', async () => {
  expect(await whoami()).toMatchObject({ code: 4, stderr: expect.stringContaining('you are not signed in') });
  const out = await aegis(['logout', '--url', ground.url], { cwd: ground.folder, environment });
  expect(out.code).toBe(4);
  const plain = await aegis(['whoami', '--url', 'http://aegis.acme.test'], {
    cwd: ground.folder,
    environment,
  });
  expect(plain).toMatchObject({ code: 5, stderr: expect.stringContaining('use https') });
});

it('where nobody can sign in nobody is waited for', async () => {
  const agent = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((done) => agent.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(agent.address() as AddressInfo).port}`;
  const tried = () => aegis(['login', '--url', url], { cwd: ground.folder, environment });
  const without = await tried();
  expect(without).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody can sign in at') });
  await new Promise((done) => agent.close(done));
  const absent = await tried();
  expect(absent).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be reached') });
  expect(without.stderr + absent.stderr).not.toContain('open this');
});

it('a person signs in through a browser, is known, is renewed, and signs out', {
  timeout: 60_000,
}, async () => {
  let back = '';
  const ended = await login(async (address) => {
    const { response } = await new Browser().follow(address);
    const page = await response.text();
    expect(page).toContain('waits to act as ada');
    back = /href="(http:\/\/127[^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    // SECURITY: what did not begin in this terminal is not taken by it.
    const strange = new URL(back);
    strange.searchParams.set('state', 'that-of-somebody-else');
    expect((await fetch(strange)).status).toBe(404);
    expect((await fetch(back)).status).toBe(200);
  });
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ person: 'ada', roles: ['approver'] });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(ended.stdout + ended.stderr).not.toContain('aegis-person.');

  expect(JSON.parse((await whoami()).stdout)).toMatchObject({
    kind: 'person',
    name: 'ada',
    roles: ['approver'],
  });

  // SECURITY: the code of the browser was good once, for whoever knows what it was asked with.
  const code = new URL(back).searchParams.get('code');
  const redeem = (verifier: string) =>
    fetch(`${ground.url}/v1/sign-in/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ code, verifier }),
    });
  expect((await redeem('v'.repeat(43))).status).toBe(401);

  // A token that is nearly over is renewed, with what the provider says by then.
  const read = () => JSON.parse(readFileSync(file, 'utf8'))[ground.url];
  const before = read();
  writeFileSync(file, JSON.stringify({ [ground.url]: { ...before, expires_at_ms: Date.now() } }));
  ground.provider.user = { sub: 'ada', groups: ['admins'] };
  expect(JSON.parse((await whoami()).stdout)).toMatchObject({ name: 'ada', roles: ['admin'] });
  const after = read();
  expect(after.token).not.toBe(before.token);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  // SECURITY: what it was renewed with is used up.
  writeFileSync(file, JSON.stringify({ [ground.url]: { ...before, expires_at_ms: Date.now() } }));
  expect(await whoami()).toMatchObject({ code: 4, stderr: expect.stringContaining('used before') });
  // Somebody who has left is nobody, however long the sign-in would have lasted.
  ground.provider.user = { sub: 'ada', groups: [] };
  writeFileSync(file, JSON.stringify({ [ground.url]: { ...after, expires_at_ms: Date.now() } }));
  expect(await whoami()).toMatchObject({ code: 4, stderr: expect.stringContaining('given you a role') });

  writeFileSync(file, JSON.stringify({ [ground.url]: after }));
  expect((await whoami()).code).toBe(0);
  const out = await aegis(['logout', '--url', ground.url], { cwd: ground.folder, environment });
  expect(out).toMatchObject({ code: 0, stdout: 'signed out\n' });
  expect((await whoami()).code).toBe(4);
  const headers = { Authorization: `Bearer ${after.token}` };
  expect((await fetch(`${ground.url}/v1/whoami`, { headers })).status).toBe(401);
  // SECURITY: what it could have been renewed with is over with it.
  const renewing = await fetch(`${ground.url}/v1/sign-in/renewal`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ renewal: after.renewal }),
  });
  expect(renewing.status).toBe(401);
});
