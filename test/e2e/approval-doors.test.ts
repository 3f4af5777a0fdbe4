import { createHmac } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  answer,
  channelsForEach,
  configure,
  failNext,
  ground,
  KEY,
  message,
  SECRET,
} from './approval-channels.ts';
import { MESSAGE, send } from './approval-ground.ts';

channelsForEach();

const WEBHOOK =
  '{ kind = "webhook", url = "RECEIVER/hook", secret = { file = "webhook.secret" }, person = "ann" }';
const SLACK = '{ kind = "slack", url = "RECEIVER/slack" }';

describe('the desktop', () => {
  it('shows who wants to call what through a program, which runs nothing of it and is given no secret', async () => {
    const shown = join(ground.folder, 'shown');
    const program = `#!/bin/sh\nfor word in "$@"; do printf '%s\\n' "$word"; done >> "${shown}"\nenv >> "${shown}.env"\n`;
    writeFileSync(join(ground.folder, 'notify-send'), program, { mode: 0o755 });
    configure(100, ['{ kind = "desktop" }']);
    const PATH = `${ground.folder}:${process.env['PATH'] ?? ''}`;
    const client = await ground.connect(await ground.start({ PATH, A_SECRET: 'hunter2' }));
    const { approval } = await send(client, { ...MESSAGE, text: `$(touch ${ground.folder}/owned)` });
    const lines = () => (existsSync(shown) ? readFileSync(shown, 'utf8').split('\n').slice(0, -1) : []);
    await expect.poll(() => lines().length, { timeout: 10_000 }).toBe(5);
    expect(lines().slice(2)).toEqual([
      '--',
      'Aegis: a person is asked',
      `bot wants to call send on mail (${approval})`,
    ]);
    expect(readFileSync(`${shown}.env`, 'utf8')).not.toContain('hunter2');
    expect(existsSync(join(ground.folder, 'owned'))).toBe(false);
  });
});

describe('a webhook', () => {
  it('is signed, is sent again until it is taken, and its link decides once in the name of its person', async () => {
    failNext(1);
    configure(30_000, [WEBHOOK]);
    const call = send(await ground.connect(await ground.start()));
    const { signature, body } = await message('/hook');
    const [, at = '', mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    expect(mac).toBe(createHmac('sha256', SECRET).update(`${at}.${body}`).digest('hex'));
    const { type, approval, link } = JSON.parse(body);
    expect(type).toBe('approval.requested');
    expect(approval).toMatchObject({ agent: 'bot', question: { name: 'send', args: MESSAGE } });
    const page = await fetch(link);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('You answer as ann.');
    expect((await answer(link, { decision: 'approve', why: 'fine' })).status).toBe(200);
    expect(await call).toMatchObject({ ran: true });
    expect(ground.events('APPROVAL_VOTED')[0]?.payload).toMatchObject({
      by: 'ann',
      roles: ['lead'],
      door: 'page',
      why: 'fine',
    });
    const reused = await answer(link, { decision: 'approve' });
    expect(reused.status).toBe(409);
    expect(await reused.text()).toContain('Not taken');
    expect(ground.ran()).toBe(1);
    expect(await ground.verified()).toBe(true);
  });

  it('gives links that are good for their question, their person and this page alone', async () => {
    configure(100, [WEBHOOK]);
    const client = await ground.connect(await ground.start());
    const { approval } = await send(client);
    const { link } = JSON.parse((await message('/hook')).body) as { link: string };
    const { approval: other } = await send(client, { ...MESSAGE, text: 'another one' });
    const [id = '', person = '', mac = ''] = link.split('/approve/')[1]?.split('.') ?? [];
    const base = link.split('/approve/')[0] ?? '';
    const forged = [
      [id, person, `${mac.startsWith('0') ? '1' : '0'}${mac.slice(1)}`],
      [other, person, mac],
      [id, '-', mac],
      [id, Buffer.from('bob').toString('base64url'), mac],
      [id, person, ''],
    ].map((parts) => `${base}/approve/${parts.join('.')}`);
    for (const one of forged) {
      expect((await answer(one, { decision: 'approve' })).status).toBe(404);
      expect((await fetch(one)).status).toBe(404);
    }
    const foreign = await answer(link, { decision: 'approve' }, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    const cross = await answer(link, { decision: 'approve' }, { 'sec-fetch-site': 'cross-site' });
    expect(cross.status).toBe(403);
    const json = await fetch(link, {
      method: 'POST',
      body: '{"decision":"approve"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(json.status).toBe(400);
    expect(JSON.parse((await ground.person('approvals', 'show', approval, '--json')).stdout)).toMatchObject({
      status: 'pending',
      votes: [],
    });
  });
});

describe('the HTTP API', () => {
  const PEOPLE = ['zoe', 'max', 'eve'] as const;

  function api(url: string, token: string, path: string, body?: object) {
    return fetch(url.replace('/mcp', path), {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  it('is for people who may decide, each in the own tenant, and never for agents', async () => {
    for (const name of PEOPLE) {
      writeFileSync(join(ground.folder, `${name}.token`), `token-of-person-${name}`, { mode: 0o600 });
    }
    const person = (name: string, role: string, tenant: string) =>
      `[[people]]\nname = "${name}"\nroles = ["${role}"]\ntenant = "${tenant}"\ntoken = { file = "${name}.token" }\n`;
    const more = `${person('zoe', 'approver', 'acme')}${person('max', 'auditor', 'acme')}${person('eve', 'admin', 'globex')}`;
    ground.configure({ more });
    const daemon = await ground.start();
    const client = await ground.connect(daemon);
    const { approval } = await send(client);
    const [zoe, max, eve] = PEOPLE.map((name) => `token-of-person-${name}`) as [string, string, string];
    const path = `/v1/approvals/${approval}`;
    for (const token of ['token-of-bot', 'token-of-rival']) {
      expect((await api(daemon.url, token, '/v1/approvals')).status).toBe(403);
      expect((await api(daemon.url, token, path, { approved: true })).status).toBe(403);
    }
    expect((await api(daemon.url, 'nobody', path, { approved: true })).status).toBe(401);
    expect((await api(daemon.url, max, path, { approved: true })).status).toBe(403);
    expect(await (await api(daemon.url, eve, '/v1/approvals')).json()).toEqual({ approvals: [] });
    expect((await api(daemon.url, eve, path, { approved: true })).status).toBe(404);
    const { approvals } = (await (await api(daemon.url, max, '/v1/approvals')).json()) as {
      approvals: object[];
    };
    expect(approvals).toMatchObject([{ id: approval, status: 'pending', question: { args: MESSAGE } }]);
    const grant = { for: 60_000, args: { text: '*' } };
    const answered = await api(daemon.url, zoe, path, { approved: true, why: 'fine', grant });
    expect(answered.status).toBe(200);
    const { status, grant_id: id } = (await answered.json()) as { status: string; grant_id: string };
    expect(status).toBe('approved');
    expect((await api(daemon.url, zoe, path, { approved: true })).status).toBe(409);
    expect(await send(client)).toMatchObject({ ran: true });
    expect(await send(client, { ...MESSAGE, text: 'another one' })).toMatchObject({ ran: true });
    const gone = await fetch(daemon.url.replace('/mcp', `/v1/grants/${id}`), {
      method: 'DELETE',
      headers: { authorization: `Bearer ${zoe}` },
    });
    expect(await gone.json()).toMatchObject({ status: 'revoked', revoked_by: 'zoe' });
    expect(await send(client)).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
    expect(ground.events('APPROVAL_VOTED')[0]?.payload).toMatchObject({
      by: 'zoe',
      roles: ['approver'],
      door: 'http',
    });
  });
});

describe('a message to Slack', () => {
  it('shows what an agent wrote as plain text, and its link asks who answers', async () => {
    configure(100, [SLACK]);
    const client = await ground.connect(await ground.start());
    const { approval } = await send(client, {
      ...MESSAGE,
      text: '<!channel> *<https://evil.example|safe>* `x`',
    });
    const { body } = await message('/slack');
    const { text, blocks } = JSON.parse(body);
    expect(text).toBe('bot wants to call send on mail');
    expect(body).not.toContain('<!channel>');
    expect(body).not.toContain('<https://evil.example');
    const link = String(blocks.at(-1).elements[0].url);
    const page = await (await fetch(link)).text();
    expect(page).toContain('Your key, as an approver');
    expect(page).toContain('&lt;!channel&gt;');
    expect((await answer(link, { decision: 'approve' })).status).toBe(403);
    expect((await answer(link, { decision: 'approve', key: 'a guess' })).status).toBe(403);
    expect((await answer(link, { decision: 'refuse', key: KEY, why: 'no' })).status).toBe(200);
    expect(ground.events('APPROVAL_VOTED')[0]?.payload).toMatchObject({ by: 'ann', approved: false });
    expect(approval).not.toBe('');
  });

  it('has a page on which keys cannot be guessed for long', async () => {
    configure(100, [SLACK]);
    const { approval } = await send(await ground.connect(await ground.start()));
    const link = String(JSON.parse((await message('/slack')).body).blocks.at(-1).elements[0].url);
    for (let guess = 0; guess < 5; guess++)
      await answer(link, { decision: 'approve', key: `guess ${guess}` });
    const right = await answer(link, { decision: 'approve', key: KEY });
    expect(right.status).toBe(403);
    expect((await ground.person('approvals', 'approve', approval, '--yes')).code).toBe(0);
  });

  it('has a page that no other page can frame, and that runs nothing', async () => {
    configure(100, [SLACK]);
    await send(await ground.connect(await ground.start()));
    const link = String(JSON.parse((await message('/slack')).body).blocks.at(-1).elements[0].url);
    const { headers } = await fetch(link);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});
