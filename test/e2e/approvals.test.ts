import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executable } from './aegis.ts';
import { ApprovalGround, MESSAGE, PERSON, send } from './approval-ground.ts';

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
