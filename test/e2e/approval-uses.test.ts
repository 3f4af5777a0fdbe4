import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../packages/aegis/src/platform.ts';
import { ApprovalGround, MESSAGE, PERSON, SEND, send } from './approval-ground.ts';

let ground: ApprovalGround;

beforeEach(() => {
  ground = new ApprovalGround();
});

afterEach(() => ground.remove());

const DENIED = 3;
const PENDING = 8;

describe('an approval', () => {
  it('is used once, however many calls want it at the same moment', async () => {
    const daemon = await ground.start();
    const client = await ground.connect(daemon);
    const { approval } = await send(client);
    await ground.person('approvals', 'approve', approval, '--yes');
    const calls = await Promise.all(Array.from({ length: 8 }, () => send(client)));
    expect(calls.filter(({ ran }) => ran)).toHaveLength(1);
    expect(ground.ran()).toBe(1);
    expect(await ground.verified()).toBe(true);
  });

  it('is used once by two daemons on one ledger', async () => {
    const [one, two] = await Promise.all([ground.start(), ground.start()]);
    const clients = await Promise.all([one, two, one, two].map((daemon) => ground.connect(daemon)));
    const first = clients[0];
    if (first === undefined) throw new Error('no client');
    const { approval } = await send(first);
    await ground.person('approvals', 'approve', approval, '--yes');
    const calls = await Promise.all(clients.map((client) => send(client)));
    expect(calls.filter(({ ran }) => ran)).toHaveLength(1);
    expect(ground.ran()).toBe(1);
    expect(await ground.verified()).toBe(true);
  });

  it('is not good for other arguments', async () => {
    const client = await ground.connect(await ground.start());
    const { approval } = await send(client);
    await ground.person('approvals', 'approve', approval, '--yes');
    const other = await send(client, { ...MESSAGE, to: 'all@acme.example' });
    expect(other).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
    expect(other.approval).not.toBe(approval);
    expect(await send(client)).toMatchObject({ ran: true });
  });

  it('is not good for another agent, nor for another tenant', async () => {
    const daemon = await ground.start();
    const { approval } = await send(await ground.connect(daemon));
    await ground.person('approvals', 'approve', approval, '--yes');
    for (const agent of ['rival', 'foreign']) {
      const other = await send(await ground.connect(daemon, agent));
      expect(other).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
      expect(other.approval).not.toBe(approval);
    }
    expect(ground.ran()).toBe(0);
  });

  it('is not good after the policy has changed', async () => {
    const daemon = await ground.start();
    const { approval } = await send(await ground.connect(daemon));
    await ground.person('approvals', 'approve', approval, '--yes');
    await daemon.stop();
    const changed = readFileSync(ground.configuration, 'utf8').replace('name = "ask"', 'name = "ask-anew"');
    writeFileSync(ground.configuration, changed);
    const again = await send(await ground.connect(await ground.start()));
    expect(again).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
    expect(again.approval).not.toBe(approval);
  });

  it('overrides no denial that has come since', async () => {
    const daemon = await ground.start();
    const { approval } = await send(await ground.connect(daemon));
    await ground.person('approvals', 'approve', approval, '--yes');
    await daemon.stop();
    const changed = readFileSync(ground.configuration, 'utf8').replace('*@evil.example', 'ops@acme.example');
    writeFileSync(ground.configuration, changed);
    expect(await send(await ground.connect(await ground.start()))).toMatchObject({ code: 'POLICY_DENY' });
    expect(ground.ran()).toBe(0);
  });

  it('is not good after the tool has changed', async () => {
    const daemon = await ground.start();
    const client = await ground.connect(daemon);
    const { approval } = await send(client);
    await ground.person('approvals', 'approve', approval, '--yes');
    ground.offer({ ...SEND, description: 'Sends a message to everybody.' });
    while ((await ground.person('tools', 'diff')).code !== PENDING);
    expect((await ground.person('tools', 'accept', '--all', '--yes')).code).toBe(0);
    let again = await send(client).catch(() => undefined);
    while (again === undefined || again.code === 'TOOL_UNKNOWN' || again.code === 'TOOL_CHANGED') {
      again = await send(client).catch(() => undefined);
    }
    expect(again).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
    expect(again.approval).not.toBe(approval);
    expect(ground.ran()).toBe(0);
  });

  it('is not given by who asks', async () => {
    const client = await ground.connect(await ground.start(), PERSON);
    const { approval } = await send(client);
    const own = await ground.person('approvals', 'approve', approval, '--yes');
    expect(own).toMatchObject({ code: DENIED, stderr: expect.stringContaining('asked for himself') });
    expect(await send(client)).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
  });

  it('raced by two people is given or refused, once, and the other is told', async () => {
    const client = await ground.connect(await ground.start());
    const { approval } = await send(client);
    const [yes, no] = await Promise.all([
      ground.person('approvals', 'approve', approval, '--yes'),
      ground.person('approvals', 'refuse', approval),
    ]);
    expect(new Set([yes.code, no.code])).toEqual(new Set([0, DENIED]));
    const again = await send(client);
    expect(again.ran).toBe(yes.code === 0);
  });

  it('of four eyes needs two, and one person is not two', async () => {
    ground.configure({ approvals: 'wait_ms = 100\nquorum = 2' });
    const client = await ground.connect(await ground.start());
    const { approval } = await send(client);
    expect((await ground.person('approvals', 'approve', approval, '--yes')).code).toBe(PENDING);
    expect((await ground.person('approvals', 'approve', approval, '--yes')).code).toBe(DENIED);
    expect(await send(client)).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED', approval });
  });

  it('is given by those alone whom the rule names', async () => {
    ground.configure({
      rules: `[[policies]]
name = "ask"
action = "require_approval"
approvers = { roles = ["lead"] }
`,
    });
    const client = await ground.connect(await ground.start());
    const { approval } = await send(client);
    const stranger = await ground.person('approvals', 'approve', approval, '--yes');
    expect(stranger).toMatchObject({ code: DENIED, stderr: expect.stringContaining('wants other people') });
  });

  it('that somebody wrote into the ledger without the key does not count', async () => {
    const daemon = await ground.start();
    const client = await ground.connect(daemon);
    const { approval } = await send(client);
    const { approval: other } = await send(client, { ...MESSAGE, text: 'another one' });
    await ground.person('approvals', 'approve', other, '--yes');
    // The true vote for another call, turned into one for this.
    const db = new DatabaseSync(join(ground.folder, '.aegis/aegis.db'));
    const row = db.prepare(`select position, body from event where body like '%APPROVAL_VOTED%'`).get();
    const triggers = db.prepare(`select name, sql from sqlite_master where type = 'trigger'`).all();
    for (const { name } of triggers) db.exec(`drop trigger "${String(name)}"`);
    const body = String(row?.['body']).replace(other, approval);
    db.prepare('update event set body = ?, hash = unhex(?) where position = ?').run(
      body,
      sha256(body),
      Number(row?.['position']),
    );
    for (const { sql } of triggers) db.exec(String(sql));
    db.close();
    expect(ground.events('APPROVAL_VOTED').map(({ payload }) => payload['approval_id'])).toEqual([approval]);
    const shown = await ground.person('approvals', 'show', approval, '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ status: 'pending', votes: [] });
    expect(await send(client)).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
    expect(ground.ran()).toBe(0);
  });
});
