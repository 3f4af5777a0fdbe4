import { readFileSync } from 'node:fs';
import { compilePolicy, DEFAULT_SETTINGS, readDocument } from '@aegis/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODERN_LIMITS } from '../../src/gateway/front/modern/limits.ts';
import { LIST_TTL_MS } from '../../src/gateway/front/modern/results.ts';
import { RUN_META } from '../../src/gateway/front/modern/run-id.ts';
import { sha256 } from '../../src/platform.ts';
import { type GatewayOptions, type ModernGateway, modernGateway } from './modern-gateway.ts';
import { type Answer, ask, type Headers } from './modern-requests.ts';
import { type StatelessLibrary, statelessLibrary } from './servers/stateless-library.ts';

let library: StatelessLibrary;
const open: ModernGateway[] = [];

beforeAll(async () => {
  library = await statelessLibrary();
});
afterAll(async () => {
  for (const gateway of open) await gateway.close();
  await library.close();
});

async function serve(options: GatewayOptions = {}): Promise<ModernGateway> {
  const gateway = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }], options);
  open.push(gateway);
  return gateway;
}

let calls = 0;
const call = (gateway: ModernGateway, headers: Headers = {}, meta = {}): Promise<Answer> =>
  ask(
    gateway.url,
    'tools/call',
    { name: 'greet', arguments: { who: `guest ${calls++}` } },
    { headers, meta },
  );

const as = (agent: string): Headers => ({ Authorization: `Bearer ${agent}` });
const ran = (answers: readonly Answer[]): number =>
  answers.filter(({ json }) => json.result?.['isError'] === undefined && json.error === undefined).length;
const sessions = async (gateway: ModernGateway): Promise<readonly string[]> =>
  (await gateway.events()).filter(({ type }) => type === 'SESSION_STARTED').map(({ session }) => session);
const ended = async (gateway: ModernGateway): Promise<readonly unknown[]> =>
  (await gateway.events())
    .filter(({ type }) => type === 'TERMINATION')
    .map(({ payload }) => payload['cause']);

describe('a run', () => {
  it('spends its budget exactly once, whoever comes first', async () => {
    const gateway = await serve({ budget: { maxToolCalls: 10 } });
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => call(gateway, { 'Aegis-Run': 'r1' })),
    );
    expect(ran(answers)).toBe(10);
    expect(await sessions(gateway)).toHaveLength(1);
    const denied = answers.flatMap(({ json }) => json.result?.['_meta'] ?? []) as Record<
      string,
      { code: string }
    >[];
    expect(denied.filter((meta) => meta['aegis/denial']?.code === 'BUDGET_EXCEEDED')).toHaveLength(90);
  });

  it('without an id is the one that the caller is in', async () => {
    const gateway = await serve({ budget: { maxToolCalls: 3 } });
    const answers = await Promise.all(Array.from({ length: 5 }, () => call(gateway)));
    expect(ran(answers)).toBe(3);
    expect(ran([await call(gateway, { 'Aegis-Run': 'other' })])).toBe(1);
    expect(await sessions(gateway)).toHaveLength(2);
  });

  it('is the same by `_meta` and by header', async () => {
    const gateway = await serve();
    await call(gateway, { 'Aegis-Run': 'r1' });
    await call(gateway, {}, { 'aegis/run': 'r1' });
    await call(gateway, { 'Aegis-Run': 'r1' }, { 'aegis/run': 'r1' });
    expect(await sessions(gateway)).toHaveLength(1);
  });

  it('of another agent is another run, whatever its id', async () => {
    const gateway = await serve({ budget: { maxToolCalls: 1 } });
    expect(ran([await call(gateway, { 'Aegis-Run': 'r1' })])).toBe(1);
    expect(ran([await call(gateway, { 'Aegis-Run': 'r1', ...as('mallory') })])).toBe(1);
    expect(ran([await call(gateway, { 'Aegis-Run': 'r1' })])).toBe(0);
    expect(await sessions(gateway)).toHaveLength(2);
  });

  it('records what the client calls itself, and believes nothing of it', async () => {
    const gateway = await serve();
    await call(gateway, {}, { 'io.modelcontextprotocol/clientInfo': { name: 'mallory', version: '9' } });
    const [started] = await gateway.events();
    expect(started?.payload).toMatchObject({ agent: 'alice', client: 'mallory/9', door: 'mcp-http' });
  });

  it.each<[string, Headers, Record<string, string>, number]>([
    ['that differ', { 'Aegis-Run': 'r1' }, { 'aegis/run': 'r2' }, -32020],
    ['given twice', { 'Aegis-Run': ['r1', 'r1'] }, {}, -32020],
    ['with a slash', { 'Aegis-Run': 'a/b' }, {}, -32020],
    ['that are empty', { 'Aegis-Run': '' }, {}, -32020],
    ['that are too long', { 'Aegis-Run': 'x'.repeat(129) }, {}, -32020],
    ['with a line break', {}, { 'aegis/run': 'a\nb' }, -32602],
    ['that begin with a dot', {}, { 'aegis/run': '.r' }, -32602],
  ])('is not entered by ids %s', async (_, headers, meta, code) => {
    const gateway = await serve();
    const { status, json } = await call(gateway, headers, meta);
    expect([status, json.error?.code]).toEqual([400, code]);
    // One record, in the run that the caller is in without an id.
    expect((await gateway.events()).map(({ type }) => type)).toEqual([
      'SESSION_STARTED',
      'TOOL_CALL_PROPOSED',
      'POLICY_DECISION',
      'TOOL_CALL_DENIED',
    ]);
  });

  it('ends when it is not used, and begins again', async () => {
    const gateway = await serve({ limits: { idleMs: 60 } });
    await call(gateway, { 'Aegis-Run': 'r1' });
    await expect.poll(() => ended(gateway)).toEqual(['unused for too long']);
    await call(gateway, { 'Aegis-Run': 'r1' });
    expect(await sessions(gateway)).toHaveLength(2);
  });

  it('does not end while it is used', async () => {
    const gateway = await serve({ limits: { idleMs: 80 } });
    const abort = new AbortController();
    const slow = ask(gateway.url, 'tools/call', { name: 'slow', arguments: {} }, { signal: abort.signal });
    slow.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await ended(gateway)).toEqual([]);
    abort.abort();
    await expect.poll(() => ended(gateway)).toEqual(['unused for too long']);
  });

  it('gives way to a newer one of the same caller, the longest unused first', async () => {
    const gateway = await serve({ limits: { maxRunsPerCaller: 2 } });
    for (const id of ['r1', 'r2', 'r1', 'r3']) await call(gateway, { 'Aegis-Run': id });
    await call(gateway, as('bob'));
    await expect.poll(() => ended(gateway)).toEqual(['replaced by a newer run of the same caller']);
    const [, second] = await sessions(gateway);
    const terminated = (await gateway.events()).find(({ type }) => type === 'TERMINATION');
    expect(terminated?.session).toBe(second);
  });

  it('is refused when there are too many, and those that are used stay', async () => {
    const gateway = await serve({ limits: { maxRunsPerCaller: 1 } });
    const abort = new AbortController();
    const sent = library.bodies.length;
    const slow = ask(gateway.url, 'tools/call', { name: 'slow', arguments: {} }, { signal: abort.signal });
    slow.catch(() => {});
    await expect.poll(() => library.bodies.length).toBeGreaterThan(sent);
    expect((await call(gateway, { 'Aegis-Run': 'r2' })).status).toBe(503);
    abort.abort();
  });

  it('ends with the gateway', async () => {
    const gateway = await serve();
    await call(gateway);
    await gateway.front.close('Aegis was stopped');
    expect(await ended(gateway)).toEqual(['Aegis was stopped']);
  });
});

describe('the reference page', () => {
  const page = readFileSync(new URL('../../../../docs/reference/runs.md', import.meta.url), 'utf8');

  it.each([
    [`${MODERN_LIMITS.idleMs / 60_000} minutes`, 'idle time'],
    [`| runs of one agent | ${MODERN_LIMITS.maxRunsPerCaller};`, 'runs of one agent'],
    [`| runs in all | ${MODERN_LIMITS.maxRuns.toLocaleString('en')};`, 'all runs'],
    [`at the same time | ${MODERN_LIMITS.maxInFlight} |`, 'requests of one run'],
    [`| ${MODERN_LIMITS.maxSubscriptionsPerCaller}, with at most`, 'subscriptions'],
    [`| time to answer | ${MODERN_LIMITS.answerMs / 60_000} minutes |`, 'time to answer'],
    [`waits for an answer | ${MODERN_LIMITS.maxHeldPerCaller} |`, 'held calls of one agent'],
    [`| such calls in all | ${MODERN_LIMITS.maxHeld.toLocaleString('en')} |`, 'all held calls'],
    [`\`ttlMs: ${LIST_TTL_MS}\``, 'time to keep a list'],
    [`\`${RUN_META}\``, 'key'],
  ])('says `%s` (%s)', (words) => {
    expect(page).toContain(words);
  });

  it('has a rule that compiles', () => {
    const [, text = ''] = /```toml\n(.*?)```/s.exec(page) ?? [];
    const document = readDocument({ text, file: 'runs.toml' });
    const { policy, diagnostics } = compilePolicy({
      parts: [{ document, path: ['policies'] }],
      settings: DEFAULT_SETTINGS,
      sha256,
    });
    expect(diagnostics).toEqual([]);
    expect(policy).toBeDefined();
  });
});
