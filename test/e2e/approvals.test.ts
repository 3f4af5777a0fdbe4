import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../packages/aegis/src/platform.ts';
import { executable } from './aegis.ts';
import { ApprovalGround, MESSAGE, PERSON, SEND, send } from './approval-ground.ts';

let ground: ApprovalGround;

beforeEach(() => {
  ground = new ApprovalGround();
});

afterEach(() => ground.remove());

const DENIED = 3;
const PENDING = 8;

describe('a call that needs approval', () => {
  it('waits, runs when a person in another process approves, and is recorded with who, when, why and door', async () => {
    ground.configure({ approvals: 'wait_ms = 30000' });
    const client = await ground.connect(await ground.start());
    const call = send(client);
    const [id] = await waiting();
    const approved = await ground.person('approvals', 'approve', id, '--yes', '--why', 'looks right');
    expect(approved).toMatchObject({ code: 0 });
    expect(await call).toMatchObject({ ran: true });
    expect(ground.events('APPROVAL_VOTED')[0]?.payload).toMatchObject({
      approval_id: id,
      approved: true,
      by: PERSON,
      door: 'cli',
      why: 'looks right',
    });
    expect(ground.events('APPROVAL_DECIDED')[0]?.payload).toMatchObject({ approved: true, by: PERSON });
    expect(await ground.verified()).toBe(true);
  });

  it('is denied when a person refuses, and cannot be asked about again at once', async () => {
    const client = await ground.connect(await ground.start());
    const { approval, code } = await send(client);
    expect(code).toBe('APPROVAL_REQUIRED');
    expect(await ground.person('approvals', 'refuse', approval, '--why', 'not today')).toMatchObject({
      code: 0,
    });
    const again = await send(client);
    expect(again).toMatchObject({ ran: false, code: 'APPROVAL_DENIED' });
    expect(again.message).toContain('not today');
    expect(await send(client)).toMatchObject({ ran: false, code: 'APPROVAL_DENIED' });
    expect(ground.events('APPROVAL_VOTED')).toHaveLength(1);
    expect(ground.ran()).toBe(0);
  });

  it('that nobody answers in time is denied, and a word after that is not taken', async () => {
    ground.configure({ approvals: 'wait_ms = 30000\nexpires_ms = 1000' });
    const client = await ground.connect(await ground.start());
    expect(await send(client)).toMatchObject({ ran: false, code: 'APPROVAL_EXPIRED' });
    const [asked] = ground.events('APPROVAL_REQUESTED');
    const late = await ground.person('approvals', 'approve', String(asked?.payload['approval_id']), '--yes');
    expect(late).toMatchObject({ code: DENIED, stderr: expect.stringContaining('it has expired') });
    expect(ground.ran()).toBe(0);
  });

  it('lets a person see what waits, and ends with 8 while it does', async () => {
    const client = await ground.connect(await ground.start());
    expect(await ground.person('approvals', 'list')).toMatchObject({ code: 0, stdout: 'nothing waits\n' });
    const { approval } = await send(client, { ...MESSAGE, text: '\u001b[2J\u202eevil' });
    const listed = await ground.person('approvals', 'list', '--json');
    expect(listed.code).toBe(PENDING);
    expect(JSON.parse(listed.stdout)).toMatchObject({ id: approval, status: 'pending', agent: 'bot' });
    const shown = await ground.person('approvals', 'show', approval);
    expect(shown.code).toBe(PENDING);
    expect(shown.stdout).toContain('send on mail');
    expect(shown.stdout).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('a person who watches', () => {
  it('is shown each question as it comes, with a notification that nobody else can write', async () => {
    const client = await ground.connect(await ground.start());
    const watching = watch('--notify');
    await send(client, { ...MESSAGE, text: '\u0007\u001b]9;all is well' });
    await send(client);
    await watching.until((shown) => shown.split('approval   apr_').length === 3);
    expect(watching.shown().split('\u001b]9;bot wants to call send\u0007')).toHaveLength(3);
    expect(watching.shown()).not.toContain('all is well\u0007');
    expect(watching.shown()).not.toContain('\u001b]9;all');
    expect(await watching.stop()).toBe(130);
  });
});

/** Runs `aegis approvals watch` until it is stopped. */
function watch(...options: readonly string[]) {
  const args = [executable, 'approvals', 'watch', '--config', ground.configuration, ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  return {
    shown: () => shown,
    async until(holds: (shown: string) => boolean): Promise<void> {
      while (!holds(shown)) await once(child.stdout, 'data');
    },
    async stop(): Promise<number | null> {
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      return (await ended)[0] as number | null;
    },
  };
}

/** The ids of what waits, once something does. */
async function waiting(): Promise<readonly [string, ...string[]]> {
  for (;;) {
    const { stdout } = await ground.person('approvals', 'list', '--json');
    const [first, ...others] = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => String(JSON.parse(line).id));
    if (first !== undefined) return [first, ...others];
  }
}

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

describe('a daemon that is killed', () => {
  it('leaves what waits: a new one lists it, and the call runs once when it is made again', async () => {
    const daemon = await ground.start();
    const client = await ground.connect(daemon);
    const { approval } = await send(client);
    const { approval: other } = await send(client, { ...MESSAGE, text: 'another one' });
    await daemon.stop('SIGKILL');
    const listed = await ground.person('approvals', 'list', '--json');
    expect(listed.stdout).toContain(approval);
    expect(listed.stdout).toContain(other);
    await ground.person('approvals', 'approve', approval, '--yes');
    const next = await ground.connect(await ground.start());
    expect(await send(next)).toMatchObject({ ran: true });
    expect(await send(next)).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
    const waits = await send(next, { ...MESSAGE, text: 'another one' });
    expect(waits).toMatchObject({ ran: false, approval: other });
    expect(ground.ran()).toBe(1);
  });

  it('leaves grants, and what was taken back stays taken back', async () => {
    const daemon = await ground.start();
    const { approval } = await send(await ground.connect(daemon));
    const made = await ground.person('approvals', 'approve', approval, '--yes', '--grant', '1h');
    expect(made.code).toBe(0);
    await daemon.stop('SIGKILL');
    const second = await ground.start();
    const client = await ground.connect(second);
    expect(await send(client)).toMatchObject({ ran: true });
    expect(await send(client)).toMatchObject({ ran: true });
    const id = /grt_\w+/.exec((await ground.person('grants', 'list')).stdout)?.[0] ?? '';
    expect((await ground.person('grants', 'revoke', id)).code).toBe(0);
    expect(await send(client)).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
    await second.stop('SIGKILL');
    const third = await ground.connect(await ground.start());
    expect(await send(third)).toMatchObject({ ran: false, code: 'APPROVAL_REQUIRED' });
    expect((await ground.person('grants', 'revoke', id)).code).toBe(DENIED);
  });
});

describe('other arguments', () => {
  it('that a person gives run in place of those asked for, as a call of their own with the difference on record', async () => {
    ground.configure({ approvals: 'wait_ms = 30000' });
    const client = await ground.connect(await ground.start());
    const call = send(client, { ...MESSAGE, to: 'all@acme.example' });
    const [id] = await waiting();
    const file = join(ground.folder, 'args.json');
    writeFileSync(file, JSON.stringify(MESSAGE));
    const approved = await ground.person('approvals', 'approve', id, '--yes', '--edit', file);
    expect(approved.stderr).toContain('- /to: "all@acme.example"\n+ /to: "ops@acme.example"');
    expect(await call).toMatchObject({ ran: true, told: { edited_by: PERSON, arguments: MESSAGE } });
    const [asked, ran] = ground.events('TOOL_CALL_PROPOSED');
    expect(ran?.payload['edits']).toBe(asked?.payload['call_id']);
    expect(ground.events('TOOL_CALL_DENIED')[0]?.payload['call_id']).toBe(asked?.payload['call_id']);
    expect(ground.events('APPROVAL_VOTED')[0]?.payload['$sealed']).toHaveProperty('/diff');
    expect(await ground.verified()).toBe(true);
  });

  it('edited into something forbidden are denied', async () => {
    const client = await ground.connect(await ground.start());
    const { approval } = await send(client);
    const file = join(ground.folder, 'args.json');
    writeFileSync(file, JSON.stringify({ ...MESSAGE, to: 'eve@evil.example' }));
    await ground.person('approvals', 'approve', approval, '--yes', '--edit', file);
    expect(await send(client)).toMatchObject({ ran: false, code: 'POLICY_DENY' });
    expect(ground.ran()).toBe(0);
    expect(await ground.verified()).toBe(true);
  });
});

describe('a grant', () => {
  it('for a session ends with it, and patterns cover what they say', async () => {
    const daemon = await ground.start();
    const client = await ground.connect(daemon);
    const { approval } = await send(client);
    const patterns = ['--grant', 'session', '--args', '{"text": "he*"}'];
    expect((await ground.person('approvals', 'approve', approval, '--yes', ...patterns)).code).toBe(0);
    expect(await send(client, { ...MESSAGE, text: 'heya' })).toMatchObject({ ran: true });
    expect(await send(client, { ...MESSAGE, text: 'no' })).toMatchObject({ code: 'APPROVAL_REQUIRED' });
    expect(await send(client, { ...MESSAGE, to: 'x@acme.example', text: 'heya' })).toMatchObject({
      code: 'APPROVAL_REQUIRED',
    });
    const decided = ground.events('APPROVAL_DECIDED').map(({ payload }) => payload);
    expect(decided[0]).toMatchObject({
      approved: true,
      by: PERSON,
      grant_id: expect.stringMatching(/^grt_/),
    });
    const other = await ground.connect(daemon);
    expect(await send(other, { ...MESSAGE, text: 'heya' })).toMatchObject({ code: 'APPROVAL_REQUIRED' });
    expect(await ground.verified()).toBe(true);
  });
});
