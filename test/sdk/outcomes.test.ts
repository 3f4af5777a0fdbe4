import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '@aegis/aegis';
import { Action, AegisRequestError, AegisRuntime, type Json, type Result } from '@aegis/sdk';
import { governed } from '@aegis/sdk/ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiDaemon, startApi, TOKENS } from '../api/daemon.ts';
import { aegis } from '../e2e/aegis.ts';

let api: ApiDaemon;
let folder: string;

const POLICY = `
mode = "enforce"
[limits]
timeout_ms = 1000
[[policies]]
name = "no-deleting"
action = "deny"
when = { tool_name = "delete" }
[[policies]]
name = "all"
action = "allow"
mask = ["email"]
`;

beforeAll(async () => {
  api = await startApi('', 200);
  folder = mkdtempSync(join(tmpdir(), 'aegis-outcomes-'));
  writeFileSync(join(folder, 'aegis.toml'), POLICY);
});

afterAll(async () => {
  await api.remove();
  rmSync(folder, { recursive: true, force: true });
});

const embedded = () => openEmbedded({ config: join(folder, 'aegis.toml') });

const DOORS = [
  ['a daemon', async () => ({ url: api.url, token: TOKENS.builder })],
  ['a kernel in the process', async () => ({ door: await embedded() })],
] as const;

const read = (params = {}) => new Action('read', 'database', params);

const CYCLE: Record<string, unknown> = {};
CYCLE['self'] = CYCLE;

describe.each(DOORS)('before %s, an executor', (_, open) => {
  it.each([
    ['a BigInt', { n: 1n }],
    ['a cycle', CYCLE],
    ['a Map', { map: new Map([['a', 1]]) }],
    ['a Set', new Set([1])],
    ['a number that is none', [Number.NaN]],
    ['half of a surrogate pair', { text: '\uD800' }],
    ['nesting beyond what is read', JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`)],
    ['more than a body may have', 'x'.repeat(1_100_000)],
  ])('that gives %s has failed, which is on record at once', async (_name, value) => {
    await using runtime = new AegisRuntime(await open());
    const result = await runtime.runOne(read(), { execute: () => value as Json });
    // What is too large is withheld where no body stands before it.
    expect(['failed', 'blocked']).toContain(result.status);
    expect(result).not.toMatchObject({ error: expect.stringContaining('too late') });
    const after = await runtime.runOne(read({ next: 1 }), { execute: () => 1 });
    expect(after.status).toBe('success');
  });

  it.each([
    ['nothing', undefined, {}],
    ['null', null, {}],
    ['a date', new Date(0), { value: '1970-01-01T00:00:00.000Z' }],
    ['a member that is nothing', { a: undefined, b: 1 }, { b: 1 }],
    ['a list', [1], { value: [1] }],
    ['its params', 'params', { deep: { a: [1] } }],
  ])('that gives %s gives what JSON holds of it', async (_name, value, expected) => {
    await using runtime = new AegisRuntime(await open());
    const result = await runtime.runOne(read({ deep: { a: [1] } }), {
      execute: (params) => (value === 'params' ? params : (value as unknown as Json)),
    });
    expect(result).toMatchObject({ status: 'success', value: expected });
  });

  it('that never ends has failed when its time is over', async () => {
    await using runtime = new AegisRuntime(await open());
    let ended: AbortSignal | undefined;
    const result = await runtime.runOne(read(), {
      execute: (_params, { signal }) => {
        ended = signal;
        return new Promise(() => {});
      },
    });
    expect(result.status).not.toBe('success');
    expect(ended?.aborted).toBe(true);
  });

  it.each([
    ['no words', () => new Error('')],
    ['no error', () => 'just words'],
    ['4,096 characters and half a pair', () => new Error(`${'x'.repeat(4095)}\u{1F600}`)],
  ])('that throws with %s has failed', async (_name, thrown) => {
    await using runtime = new AegisRuntime(await open());
    const result = await runtime.runOne(read(), {
      execute: () => {
        throw thrown();
      },
    });
    expect(result).toMatchObject({ status: 'failed' });
    expect(result.status === 'failed' ? result.error : '').not.toBe('');
  });

  it('that throws what is masked does not tell it', async () => {
    await using runtime = new AegisRuntime(await open());
    const execute = () => {
      throw new Error('no mailbox ada@example.org');
    };
    const result = await runtime.runOne(read(), { execute });
    expect(result).toMatchObject({ status: 'failed', error: 'no mailbox [masked:email]' });
    const { mail } = governed({ mail: { execute } }, runtime);
    const failure = await Promise.resolve((mail.execute as () => unknown)()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: 'no mailbox [masked:email]' });
  });

  it('is judged on what it gets, whatever is changed meanwhile', async () => {
    await using runtime = new AegisRuntime(await open());
    const params: Record<string, Json> = { table: 'users' };
    const running = runtime.runOne(new Action('read', 'database', params), { execute: (given) => given });
    // The session is opened first: nothing is judged yet, and all of it shall be what was meant then or now.
    queueMicrotask(() => (params['table'] = 'secrets'));
    const result = await running;
    expect(result).toMatchObject({ status: 'success' });
    const given = result.status === 'success' ? result.value['table'] : undefined;
    params['table'] = 'later';
    expect(['users', 'secrets']).toContain(given);
  });
});

describe.each(DOORS)('before %s, a plan', (_, open) => {
  it('of no steps succeeds', async () => {
    await using runtime = new AegisRuntime(await open());
    expect(await runtime.execute([])).toMatchObject({ status: 'success', results: [], rollbacks: [] });
  });

  it('that nothing says how to carry out is not begun', async () => {
    await using runtime = new AegisRuntime(await open());
    let ran = 0;
    const run = () => void (ran += 1);
    const plan = [{ action: read(), execute: run }, { action: new Action('write', 'database') }];
    await expect(runtime.execute(plan)).rejects.toThrow('give an executor');
    const noWayBack = [
      { action: read(), execute: run, rollback: { action: new Action('undo', 'database') } },
    ];
    await expect(runtime.execute(noWayBack)).rejects.toThrow('give an executor');
    expect(ran).toBe(0);
  });

  it('says so where taking back is denied, and takes the others back', async () => {
    await using runtime = new AegisRuntime(await open());
    const done: string[] = [];
    const step = (name: string, back: string) => ({
      action: new Action(name, 'database'),
      execute: () => void done.push(name),
      rollback: { action: new Action(back, 'database'), execute: () => void done.push(back) },
    });
    const { status, rollbacks } = await runtime.execute([
      step('first', 'undo'),
      step('second', 'delete'),
      {
        action: new Action('third', 'database'),
        execute: () => {
          throw new Error('no');
        },
      },
    ]);
    expect(status).toBe('failed');
    expect(rollbacks.map((result: Result) => result.status)).toEqual(['blocked', 'success']);
    expect(done).toEqual(['first', 'second', 'undo']);
  });

  it('is taken back where a hook throws', async () => {
    const done: string[] = [];
    await using runtime = new AegisRuntime({
      ...(await open()),
      hooks: {
        onProposed: ({ type }) => {
          if (type === 'second') throw new Error('not on my watch');
        },
      },
    });
    const { status, results } = await runtime.execute([
      {
        action: new Action('first', 'database'),
        execute: () => void done.push('first'),
        rollback: { action: new Action('undo', 'database'), execute: () => void done.push('undo') },
      },
      { action: new Action('second', 'database'), execute: () => void done.push('second') },
    ]);
    expect(status).toBe('failed');
    expect(results.map((result: Result) => result.status)).toEqual(['success', 'skipped']);
    expect(done).toEqual(['first', 'undo']);
  });

  it('is not tried again when nobody waits for it any more', async () => {
    await using runtime = new AegisRuntime(await open());
    const stop = new AbortController();
    let tries = 0;
    const { status } = await runtime.execute(
      [
        {
          action: read(),
          retries: 1_000,
          execute: () => {
            tries += 1;
            stop.abort();
            throw new Error('no');
          },
        },
      ],
      { backOffMs: 60_000, signal: stop.signal },
    );
    expect(status).toBe('failed');
    expect(tries).toBe(1);
  });
});

describe('a daemon that goes away', () => {
  it('while an action runs is told apart from one that was never asked', async () => {
    const short = await startApi();
    const runtime = new AegisRuntime({ url: short.url, token: TOKENS.builder });
    const failure = await runtime
      .runOne(read(), { execute: () => short.remove() as Promise<undefined> })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AegisRequestError);
    expect(failure).toMatchObject({ ran: true, status: 0 });
    const next = await runtime.runOne(read(), { execute: () => 1 }).catch((error: unknown) => error);
    expect(next).toMatchObject({ ran: false, status: 0 });
  });
});

describe('a ledger with two kernels of one process', () => {
  it('has the sessions of both, and verifies', async () => {
    const [one, two] = await Promise.all([embedded(), embedded()]);
    const [first, second] = [new AegisRuntime({ door: one }), new AegisRuntime({ door: two })];
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        (at % 2 === 0 ? first : second).runOne(read({ at }), { execute: () => at }),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 'success'));
    await first.close();
    await second.close();
    const { stdout } = await aegis(['verify-ledger', '--config', join(folder, 'aegis.toml')]);
    expect(stdout).toContain('INTACT');
  });
});
