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
    error: result.status === 'failed' ? result.error : null,
    code: result.status === 'blocked' ? result.denial.code : null,
  });
  const results = [
    await runtime.runOne(new Action('read', 'database', { table: 'users' }), {
      execute: ({ table = null }) => ({ table, mail: 'ada@example.org' }),
    }),
    await runtime.runOne(new Action('delete', 'database'), { execute: nothing }),
    await runtime.runOne(new Action('write', 'database'), { execute: fail }),
  ].map(shown);
  await runtime.note('MODEL_CALL_STARTED', { model_call_id: 'm1', model: 'a-model' });
  const plan = await runtime.execute([
    {
      action: new Action('create', 'ticket'),
      execute: nothing,
      rollback: { action: new Action('remove', 'ticket'), execute: nothing },
    },
    { action: new Action('write', 'ticket'), execute: fail },
    { action: new Action('mail', 'ticket'), execute: nothing },
  ]);
  const session = await runtime.session();
  await runtime.close();
  return {
    session,
    results,
    plan: {
      status: plan.status,
      results: plan.results.map(({ status }) => status),
      rollbacks: plan.rollbacks.map(({ status }) => status),
    },
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
    expect(played.plan).toEqual({
      status: 'failed',
      results: ['success', 'failed', 'skipped'],
      rollbacks: ['success'],
    });
    const chain = await chainOf(session);
    expect(chain).toEqual(await chainOf(own));
    expect(chain.length).toBeGreaterThan(20);
    expect(problems).toEqual([]);
    expect(damage).toEqual(['seq 2: the event does not have the hash that is told of it']);
    expect(streamed).toBeGreaterThan(0);
    expect(refused).toEqual([401, 'UNAUTHENTICATED']);
  });
});
