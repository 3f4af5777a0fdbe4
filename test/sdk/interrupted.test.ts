import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiDaemon, type Parsed, startApi, TOKENS } from '../api/daemon.ts';
import { hasPython, python } from '../interop/python.ts';

const SCRIPT = fileURLToPath(new URL('interrupted.py', import.meta.url));

let api: ApiDaemon;

beforeAll(async () => {
  api = await startApi('', 200);
});

afterAll(() => api.remove());

describe.skipIf(!hasPython)('a Python program that is interrupted', () => {
  it('has what it began on record, whatever came between', async () => {
    const { code, stdout, stderr } = await python(SCRIPT, api.url, TOKENS.builder);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const came = JSON.parse(stdout);
    expect(came).toMatchObject({
      values: Array.from({ length: 9 }, () => 'failed'),
      silent: 'read database: FAILED: Silent',
      long: 'failed',
      halves: 'failed',
      masked: 'no [masked:email]',
      interrupted: true,
      late: 'it was reported too late, and is on record as not reported',
      cancelled: true,
      slow: 'failed',
      many: ['success'],
      sessions: 1,
    });
    expect(came.plan).toEqual(['failed', ['success', 'skipped'], ['success']]);
    await expect.poll(async () => outcomesOf(came['async session']), { timeout: 5_000 }).toHaveLength(42);
    const outcomes = await outcomesOf(came.session);
    // One of the actions above was late; every other was reported at once.
    expect(outcomes.filter(({ code: why }) => why === 'TIMEOUT')).toHaveLength(1);
  });
});

async function outcomesOf(session: string): Promise<Parsed[]> {
  const path = `/v1/sessions/${session}/events?type=TOOL_RESULT&limit=500`;
  const { body } = await api.ask('auditor', 'GET', path);
  return body.events.map(({ envelope }: Parsed) => envelope.payload);
}
