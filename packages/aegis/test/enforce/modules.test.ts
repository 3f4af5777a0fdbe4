import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatDiagnostics, type JsonObject, type JsonValue } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnforcementKernel } from '../../src/enforce/kernel.ts';
import type { Ruleset } from '../../src/enforce/ruleset.ts';
import { sha256 } from '../../src/platform.ts';
import { loadRuleset, type RulesetSources } from '../../src/source/ruleset.ts';
import { createHarness, reply, scriptedPerson } from './harness.ts';

const WASM = fileURLToPath(new URL('../source/opa/policy.wasm', import.meta.url));
const AT = { file: 'aegis.toml', line: 1, column: 1 };
const RULES = `
[[policies]]
name = "never"
action = "deny"
when = { tool_name = "never" }

[[policies]]
name = "held"
action = "require_approval"
when = { tool_name = "held" }

[[policies]]
name = "all"
action = "allow"
`;

let folder: string;
const ends: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-modules-'));
});

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  rmSync(folder, { recursive: true, force: true });
});

type Harness = Parameters<typeof createHarness>[0];

/** A kernel whose policy is rules and then modules. */
async function open(
  modules: Pick<RulesetSources, 'cedar' | 'opa'>,
  harnessOptions: Harness = {},
  change: (rules: Ruleset) => Ruleset = (rules) => rules,
) {
  const harness = await createHarness(harnessOptions);
  writeFileSync(join(folder, 'p.toml'), RULES);
  const { settings } = harness.rules.policy;
  const { ruleset, diagnostics } = await loadRuleset(
    {
      rules: undefined,
      policyFiles: [join(folder, 'p.toml')],
      ...modules,
      servers: [],
      agents: [],
      trust: { mode: 'dev', keys: [] },
      settings: { mode: settings.mode, limits: settings.limits, risk: {} },
      resolvePath: (path) => path,
    },
    sha256,
  );
  if (ruleset === undefined) throw new Error(formatDiagnostics('the policy', diagnostics));
  ends.push(() => ruleset.close());
  const rules = change(ruleset);
  const kernel = new EnforcementKernel(harness.ports, () => rules);
  const session = await kernel.openSession({ tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-stdio' });
  let executions = 0;
  return {
    kernel,
    session,
    call: (tool: string, args: JsonObject = {}) =>
      kernel.mediate(session, {
        method: 'tools/call',
        resource: { kind: 'tool', server: 'data', name: tool },
        args,
        execute: () => {
          executions++;
          return Promise.resolve(reply({}, 'write to ada@example.org'));
        },
      }),
    events: () => harness.events(session),
    store: harness.store,
    executions: () => executions,
  };
}

const bundle = (entrypoint: string): RulesetSources['opa'] => ({
  kind: 'bundle',
  file: WASM,
  entrypoint,
  entrypointAt: AT,
  deadlineMs: 5000,
  memoryMb: 32,
  reads: [['request'], ['session']],
});

/** An OPA whose answers a test gives, in the order of its questions. */
async function remote(
  answer: (input: JsonObject, count: number) => Promise<JsonValue> | JsonValue,
): Promise<{ readonly sources: RulesetSources['opa']; readonly asked: JsonObject[] }> {
  const asked: JsonObject[] = [];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { input } = JSON.parse(Buffer.concat(parts).toString()) as { input: JsonObject };
      asked.push(input);
      void Promise.resolve(answer(input, asked.length)).then((result) =>
        response.end(JSON.stringify({ result })),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sources = {
    kind: 'remote',
    url,
    entrypoint: 'aegis/decision',
    entrypointAt: AT,
    deadlineMs: 5000,
    reads: [['request'], ['session']],
  } as const;
  return { sources, asked };
}

const ALLOW = { outcome: 'allow' };
const NO = { outcome: 'deny', reason: 'no' };

async function decisionOf({ events }: { events: () => Promise<{ type: string; payload: JsonObject }[]> }) {
  return (await events()).find(({ type }) => type === 'POLICY_DECISION')?.payload;
}

describe('a call under a bundle of OPA', () => {
  it('is decided as its policies say, and the record names who said so', async () => {
    const opened = await open({ opa: bundle('aegis/decision') });
    expect(JSON.stringify(await opened.call('report'))).not.toContain('ada@example.org');
    expect(await decisionOf(opened)).toMatchObject({
      effect: 'allow',
      rule: 'all',
      reasons: [{ rule: 'all' }, { code: 'OK', rule: 'opa:aegis/decision' }],
      obligations: { mask: ['email'] },
    });
    for (const tool of ['a', 'b']) expect(await opened.call(tool)).toMatchObject({ kind: 'result' });
    expect(await opened.call('d')).toMatchObject({
      denial: { code: 'BUDGET_EXCEEDED', rule: 'opa:aegis/decision', message: 'three calls are enough' },
    });
  });

  it('is denied by each message of a set', async () => {
    const opened = await open({ opa: bundle('aegis/deny') });
    expect(await opened.call('rm')).toMatchObject({ denial: { message: 'rm is not for agents' } });
    expect(await opened.call('ls')).toMatchObject({ kind: 'result' });
  });
});

describe('a call under a remote OPA', () => {
  it('is not asked about when the rules deny it', async () => {
    const { sources, asked } = await remote(() => ALLOW);
    const opened = await open({ opa: sources });
    expect(await opened.call('never')).toMatchObject({ denial: { rule: 'never' } });
    expect(asked).toEqual([]);
    await opened.call('other');
    expect(asked).toMatchObject([{ request: { tool: 'other' }, session: { tool_calls: 0 } }]);
  });

  it('spends no budget twice, however long the answers take', async () => {
    let release: (() => void) | undefined;
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { sources, asked } = await remote(async (_input, count) => {
      if (count === 10) release?.();
      await all;
      return ALLOW;
    });
    const opened = await open({ opa: sources }, { limits: { maxToolCalls: 3 } });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => opened.call('query', { n })));
    expect(asked).toHaveLength(10);
    expect(opened.executions()).toBe(3);
    expect(answers.filter(({ kind }) => kind === 'denied')).toHaveLength(7);
  });

  it('is denied when the session ended while it was asked', async () => {
    let asked: (() => void) | undefined;
    const arrived = new Promise<void>((resolve) => {
      asked = resolve;
    });
    let release: (() => void) | undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { sources } = await remote(async () => {
      asked?.();
      await released;
      return ALLOW;
    });
    const opened = await open({ opa: sources });
    const call = opened.call('query');
    await arrived;
    const closed = opened.kernel.closeSession(opened.session, 'gone');
    release?.();
    await call;
    await closed;
    const types = (await opened.events()).map(({ type }) => type);
    expect(types.at(-1)).toBe('TERMINATION');
    expect(types.indexOf('TOOL_RESULT')).toBeLessThan(types.length - 1);
  });

  it('is asked anew about a call that a person approved, and can still deny it', async () => {
    const { sources, asked } = await remote((_input, count) => (count === 1 ? ALLOW : NO));
    const approver = scriptedPerson(() => Promise.resolve({ kind: 'approved', by: 'ann' }));
    const opened = await open({ opa: sources }, { approver });
    expect(await opened.call('held')).toMatchObject({
      denial: { rule: 'opa:aegis/decision', message: 'no' },
    });
    expect(opened.executions()).toBe(0);
    expect(asked).toHaveLength(2);
    const denied = (await opened.events()).find(({ type }) => type === 'TOOL_CALL_DENIED');
    expect(denied?.payload['$sealed']).toHaveProperty(['/opinions']);
  });

  it('is denied by every failure, and the record keeps what was said', async () => {
    const { sources } = await remote(() => 'perhaps');
    const opened = await open({ opa: sources });
    expect(await opened.call('query')).toMatchObject({
      denial: {
        code: 'POLICY_DENY',
        rule: 'opa:aegis/decision',
        message: expect.stringContaining('cannot judge'),
      },
    });
    expect(opened.executions()).toBe(0);
    const sealed = (await decisionOf(opened))?.['$sealed'] as JsonObject;
    expect(Object.keys(sealed)).toEqual(['/opinions']);
  });

  it('in shadow is recorded and not in force', async () => {
    const { sources } = await remote(() => NO);
    const opened = await open({ opa: sources }, { mode: 'shadow' });
    expect(await opened.call('query')).toMatchObject({ kind: 'result' });
    expect(await decisionOf(opened)).toMatchObject({
      effect: 'deny',
      mode: 'shadow',
      rule: 'opa:aegis/decision',
    });
  });

  it('denies where nobody asks it', async () => {
    const { sources } = await remote(() => ALLOW);
    const opened = await open({ opa: sources }, {}, ({ consult: _nobody, ...rules }) => rules);
    expect(await opened.call('query')).toMatchObject({
      denial: { message: expect.stringContaining('it was not asked about this call') },
    });
  });
});

describe('a call under Cedar and OPA', () => {
  it('needs the consent of both, and is denied by the policy that forbids it', async () => {
    writeFileSync(
      join(folder, 'p.cedar'),
      'permit (principal, action, resource);\n@id("no-mail") @reason("no mail")\nforbid (principal, action == Action::"data.mail", resource);\n',
    );
    const cedar = { policies: [join(folder, 'p.cedar')], at: AT };
    const opened = await open({ cedar, opa: bundle('aegis/deny') });
    expect(await opened.call('mail')).toMatchObject({
      denial: { rule: 'cedar:no-mail', message: 'no mail' },
    });
    expect(await opened.call('rm')).toMatchObject({ denial: { rule: 'opa:aegis/deny' } });
    expect(await opened.call('ls')).toMatchObject({ kind: 'result' });
    expect(opened.executions()).toBe(1);
  });
});
