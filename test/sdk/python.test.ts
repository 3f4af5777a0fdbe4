import { fileURLToPath } from 'node:url';
import { Action, AegisClient, AegisRuntime, type Result } from '@aegis/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiDaemon, type Parsed, startApi, TOKENS } from '../api/daemon.ts';
import { hasPython, python } from '../interop/python.ts';

const SCRIPT = fileURLToPath(new URL('session.py', import.meta.url));

let api: ApiDaemon;

beforeAll(async () => {
  // The scripted session has more calls than the budget of other tests allows.
  api = await startApi('', 20);
});

afterAll(() => api.remove());

const nothing = () => undefined;
const fail = () => {
  throw new Error('the disk is full');
};

/** The session of session.py, played by the other SDK. */
async function play() {
  const runtime = new AegisRuntime({ url: api.url, token: TOKENS.builder });
  const shown = (result: Result) => ({
    status: result.status,
    value: result.status === 'success' ? result.value : null,
    error: result.status === 'failed' ? result.error : result.status === 'skipped' ? result.why : null,
    code: result.status === 'blocked' ? result.denial.code : null,
  });
  const told = (result: Result) => ({
    ...shown(result),
    decision: result.status === 'blocked' ? result.denial.decision_id : null,
  });
  const results = [
    await runtime.runOne(new Action('read', 'database', { table: 'users' }), {
      execute: ({ table = null }) => ({ table, mail: 'ada@example.org' }),
    }),
    await runtime.runOne(new Action('delete', 'database'), { execute: nothing }),
    await runtime.runOne(new Action('write', 'database'), { execute: fail }),
  ].map(shown);
  await runtime.note('MODEL_CALL_STARTED', { model_call_id: 'm1', model: 'a-model' });
  let tries = 0;
  const flaky = () => {
    tries += 1;
    if (tries < 3) throw new Error('not yet');
    return { tries };
  };
  const plans = [
    await runtime.execute([
      {
        action: new Action('create', 'ticket'),
        execute: nothing,
        rollback: { action: new Action('remove', 'ticket'), execute: nothing },
      },
      { action: new Action('write', 'ticket'), execute: fail },
      { action: new Action('mail', 'ticket'), execute: nothing },
    ]),
    await runtime.execute(
      [
        { action: new Action('fetch', 'ticket'), execute: flaky, retries: 3 },
        {
          action: new Action('close', 'ticket'),
          execute: nothing,
          verify: async () => false,
          rollback: { action: new Action('open', 'ticket'), execute: nothing },
        },
      ],
      { backOffMs: 1 },
    ),
    await runtime.execute([
      { action: new Action('create', 'ticket'), execute: nothing },
      { action: new Action('delete', 'database'), execute: nothing },
    ]),
  ];
  const session = await runtime.session();
  await runtime.close();
  return {
    session,
    results,
    plans: plans.map(({ status, results: steps, rollbacks }) => ({
      status,
      results: steps.map(told),
      rollbacks: rollbacks.map(told),
    })),
  };
}

/** The chain of a session, without what differs between any two. */
async function chainOf(session: string): Promise<readonly Parsed[]> {
  const chain = [];
  for await (const { envelope } of new AegisClient({ url: api.url, token: TOKENS.auditor }).sessionEvents(
    session,
  )) {
    const text = JSON.stringify({ type: envelope['event_type'], payload: envelope['payload'] });
    chain.push(
      JSON.parse(text, (name, value) =>
        ['call_id', 'fingerprint', 'duration_ms', '$sealed'].includes(name) ? undefined : value,
      ),
    );
  }
  return chain;
}

describe.skipIf(!hasPython)('the SDKs', () => {
  it.each(['sync', 'async'])('play the same session to the same end: Python, %s', async (way) => {
    const { code, stdout, stderr } = await python(SCRIPT, api.url, way, TOKENS.builder, TOKENS.auditor);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { session, problems, damage, streamed, refused, ...played } = JSON.parse(stdout);
    const { session: own, ...expected } = await play();
    expect(played).toEqual(expected);
    expect(played.results[0].value.mail).toBe('[masked:email]');
    const statuses = played.plans.map((plan: Parsed) => [
      plan.status,
      plan.results.map(({ status }: Parsed) => status),
      plan.rollbacks.map(({ status }: Parsed) => status),
    ]);
    expect(statuses).toEqual([
      ['failed', ['success', 'failed', 'skipped'], ['success']],
      ['failed', ['success', 'failed'], ['success']],
      ['blocked', ['skipped', 'blocked'], []],
    ]);
    expect(played.plans[1].results[0].value).toEqual({ tries: 3 });
    const chain = await chainOf(session);
    expect(chain).toEqual(await chainOf(own));
    expect(chain.length).toBeGreaterThan(20);
    expect(problems).toEqual([]);
    expect(damage).toEqual(['seq 2: the event does not have the hash that is told of it']);
    expect(streamed).toBeGreaterThan(0);
    expect(refused).toEqual([401, 'UNAUTHENTICATED']);
  });
});
