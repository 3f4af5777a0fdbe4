import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '@aegis/aegis';
import {
  Action,
  AegisClient,
  AegisRequestError,
  AegisRuntime,
  describe as inWords,
  type Result,
} from '@aegis/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiDaemon, startApi, TOKENS } from '../api/daemon.ts';
import { aegis } from '../e2e/aegis.ts';

const POLICY = `
[[policies]]
name = "no-deleting"
action = "deny"
when = { tool_name = "delete", server = "database" }

[[policies]]
name = "ask"
action = "require_approval"
when = { tool_name = "pay" }

[[policies]]
name = "all"
action = "allow"
mask = ["email"]
`;

let api: ApiDaemon;
let folder: string;

beforeAll(async () => {
  api = await startApi();
  folder = mkdtempSync(join(tmpdir(), 'aegis-sdk-'));
  writeFileSync(join(folder, 'policy.toml'), POLICY);
});

afterAll(async () => {
  await api.remove();
  rmSync(folder, { recursive: true, force: true });
});

const daemon = () => ({ url: api.url, token: TOKENS.builder });

const DOORS = [
  ['a daemon', async () => daemon()],
  [
    'a kernel in the process',
    async () => ({ door: await openEmbedded({ policy: join(folder, 'policy.toml'), folder }) }),
  ],
] as const;

describe.each(DOORS)('a runtime before %s', (_, open) => {
  it('carries out what is allowed, and gives what may be gone on with', async () => {
    await using runtime = new AegisRuntime({
      ...(await open()),
      executors: { read: ({ table }) => ({ table: table ?? null, mail: 'ada@example.org' }) },
    });
    const result = await runtime.runOne(new Action('read', 'database', { table: 'users' }));
    expect(result).toMatchObject({ status: 'success', value: { table: 'users', mail: '[masked:email]' } });
  });

  it('does not carry out what is denied', async () => {
    let ran = 0;
    await using runtime = new AegisRuntime({
      ...(await open()),
      executors: { delete: () => void (ran += 1) },
    });
    const result = await runtime.runOne(new Action('delete', 'database'));
    expect(result).toMatchObject({
      status: 'blocked',
      ran: false,
      denial: { code: 'POLICY_DENY', rule: 'no-deleting' },
    });
    expect(inWords(result)).toMatch(/^delete database: blocked: .* \(POLICY_DENY\)$/);
    expect(ran).toBe(0);
  });

  it('says what would be decided, and does nothing', async () => {
    await using runtime = new AegisRuntime(await open());
    const result = await runtime.runOne(new Action('delete', 'database'), { dryRun: true });
    expect(result).toMatchObject({ status: 'skipped', decision: { effect: 'deny', rule: 'no-deleting' } });
  });

  it('records what failed as failed', async () => {
    await using runtime = new AegisRuntime({
      ...(await open()),
      executors: {
        read: () => {
          throw new Error('the disk is full');
        },
      },
    });
    expect(await runtime.runOne(new Action('read', 'database'))).toMatchObject({
      status: 'failed',
      error: 'the disk is full',
    });
  });

  it('tells its hooks, and one that throws keeps the action from being carried out', async () => {
    const heard: string[] = [];
    let ran = 0;
    await using runtime = new AegisRuntime({
      ...(await open()),
      executors: { read: () => void (ran += 1) },
      hooks: {
        onProposed: ({ type }) => void heard.push(`proposed ${type}`),
        onAllowed: (action) => {
          heard.push(`allowed ${action.type}`);
          if (action.params['stop'] === true) throw new Error('stopped by a hook');
        },
        onResult: ({ status }) => void heard.push(status),
      },
    });
    await runtime.runOne(new Action('read', 'database'));
    const stopped = await runtime.runOne(new Action('read', 'database', { stop: true }));
    expect(stopped).toMatchObject({ status: 'failed', error: 'stopped by a hook' });
    expect(ran).toBe(1);
    expect(heard).toEqual([
      'proposed read',
      'allowed read',
      'success',
      'proposed read',
      'allowed read',
      'failed',
    ]);
  });

  it('refuses an action that nothing says how to carry out, before it is proposed', async () => {
    await using runtime = new AegisRuntime(await open());
    await expect(runtime.runOne(new Action('read', 'database'))).rejects.toThrow('give an executor');
  });

  it('puts on record what the agent says of itself', async () => {
    await using runtime = new AegisRuntime(await open());
    await runtime.note('MODEL_CALL_STARTED', { model_call_id: 'm1', model: 'a-model' });
    await expect(runtime.note('TERMINATION', { cause: 'x' })).rejects.toThrow();
  });

  it('does nothing of a plan of which a step would be denied', async () => {
    let ran = 0;
    const run = () => void (ran += 1);
    await using runtime = new AegisRuntime({ ...(await open()), executors: { read: run, delete: run } });
    const { status, results } = await runtime.execute([
      { action: new Action('read', 'database') },
      { action: new Action('delete', 'database') },
    ]);
    expect(status).toBe('blocked');
    expect(results.map((result: Result) => result.status)).toEqual(['skipped', 'blocked']);
    expect(ran).toBe(0);
  });

  it('takes steps back, in reverse, when a later one fails', async () => {
    const done: string[] = [];
    const note = (what: string) => () => void done.push(what);
    await using runtime = new AegisRuntime(await open());
    const { status, results, rollbacks } = await runtime.execute(
      [
        {
          action: new Action('create', 'ticket'),
          execute: note('create'),
          rollback: { action: new Action('remove', 'ticket'), execute: note('remove') },
        },
        {
          action: new Action('write', 'ticket'),
          retries: 1,
          execute: () => {
            done.push('write');
            throw new Error('no such ticket');
          },
        },
        { action: new Action('mail', 'ticket'), execute: note('mail') },
      ],
      { backOffMs: 1 },
    );
    expect(status).toBe('failed');
    expect(done).toEqual(['create', 'write', 'write', 'remove']);
    expect(results.map((result: Result) => result.status)).toEqual(['success', 'failed', 'skipped']);
    expect(rollbacks.map((result: Result) => result.status)).toEqual(['success']);
  });

  it('fails a step whose outcome is found not to be right', async () => {
    await using runtime = new AegisRuntime(await open());
    const step = { action: new Action('count', 'rows'), execute: () => ({ rows: 3 }) };
    const right = await runtime.execute([{ ...step, verify: ({ rows }: { rows?: unknown }) => rows === 3 }]);
    expect(right.status).toBe('success');
    const wrong = await runtime.execute([{ ...step, verify: ({ rows }: { rows?: unknown }) => rows === 4 }]);
    expect(wrong.results[0]).toMatchObject({ status: 'failed', error: 'what came of it is not right' });
  });

  it('goes on without waiting where a person must be asked', async () => {
    await using runtime = new AegisRuntime({ ...(await open()), executors: { pay: () => 1 } });
    const result = await runtime.runOne(new Action('pay', 'bank'), { wait: false });
    expect(result).toMatchObject({ status: 'blocked', denial: { code: 'APPROVAL_REQUIRED' } });
  });
});

describe('a runtime before a kernel in the process', () => {
  it('refuses the target of an MCP server, and a policy with mistakes', async () => {
    writeFileSync(join(folder, 'bad.toml'), '[[policies]]\nname = "x"\naction = "permit"\n');
    await expect(openEmbedded({ policy: join(folder, 'bad.toml'), folder })).rejects.toThrow('bad.toml');
  });

  it('leaves a ledger that verifies', async () => {
    writeFileSync(join(folder, 'aegis.toml'), `policy = ["policy.toml"]\n`);
    const { code, stdout } = await aegis(['verify-ledger', '--config', join(folder, 'aegis.toml')]);
    expect(stdout).toContain('INTACT');
    expect(code).toBe(0);
  });
});

describe('requests to a daemon', () => {
  it('fail in words when nobody answers, and nothing is run', async () => {
    let ran = 0;
    const runtime = new AegisRuntime({
      url: 'http://127.0.0.1:9',
      token: 'x',
      executors: { read: () => void (ran += 1) },
    });
    const failure = await runtime.runOne(new Action('read', 'database')).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AegisRequestError);
    expect(failure).toMatchObject({ status: 0, message: 'Aegis does not answer at http://127.0.0.1:9' });
    expect(ran).toBe(0);
  });

  it('fail with the code and the id of the request when the token is wrong', async () => {
    const runtime = new AegisRuntime({ url: api.url, token: 'wrong', executors: { read: () => 1 } });
    const failure = await runtime.runOne(new Action('read', 'database')).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
      requestId: expect.stringMatching(/^req_/),
    });
  });
});

describe('what people read', () => {
  it('is every session, event and proof of what they may see', async () => {
    await using runtime = new AegisRuntime({ ...daemon(), executors: { read: () => ({ rows: 3 }) } });
    await runtime.runOne(new Action('read', 'database'));
    const session = await runtime.session();
    const client = new AegisClient({ url: api.url, token: TOKENS.auditor });
    expect(await client.session(session)).toMatchObject({ agent: 'builder', tool_calls: 1 });
    const types = [];
    for await (const { envelope } of client.sessionEvents(session)) types.push(envelope['event_type']);
    expect(types).toEqual([
      'SESSION_STARTED',
      'TOOL_CALL_PROPOSED',
      'POLICY_DECISION',
      'TOOL_CALL_ALLOWED',
      'TOOL_CALL_EXECUTED',
      'TOOL_RESULT',
    ]);
    expect(await client.verify(session)).toEqual({ intact: true, events: 6, findings: [] });
    const listed = [];
    for await (const one of client.sessions()) listed.push(one.session);
    expect(listed).toContain(session);
    let events = 0;
    for await (const { position } of client.events()) events = Math.max(events, position);
    expect(events).toBeGreaterThan(6);
    await expect
      .poll(() => client.proof(session, 0).catch(() => undefined), { timeout: 10_000 })
      .toBeDefined();
    expect(await client.checkpoint()).toContain('\n');
    const stop = new AbortController();
    const followed = [];
    for await (const event of client.stream(stop.signal, 0)) {
      followed.push(event.position);
      if (followed.length === 3) stop.abort();
    }
    expect(followed).toHaveLength(3);
  });
});
