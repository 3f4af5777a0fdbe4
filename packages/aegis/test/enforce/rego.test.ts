import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatDiagnostics, runCase } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnforcementKernel } from '../../src/enforce/kernel.ts';
import { sha256 } from '../../src/platform.ts';
import { loadRuleset } from '../../src/source/ruleset.ts';
import { createHarness, reply } from './harness.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-rego-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const RULES = '[[policies]]\nname = "all"\naction = "allow"\n';

const POLICY = `package x

decision := {"outcome": "deny", "code": "BUDGET_EXCEEDED", "reason": "three calls are enough"} if {
	input.session.tool_calls >= 3
} else := {"outcome": "require_approval", "reason": "look at it"} if {
	input.request.tool == "held"
} else := {"outcome": "allow", "constraints": {"mask": ["email"], "max_output_bytes": 90}}
`;

/** A kernel whose policy is rules that allow everything and then Rego. */
async function open(rego: string, mode: 'enforce' | 'shadow' = 'enforce') {
  const harness = await createHarness({ mode });
  writeFileSync(join(folder, 'p.toml'), RULES);
  writeFileSync(join(folder, 'x.rego'), rego);
  const { settings } = harness.rules.policy;
  const { ruleset, diagnostics } = await loadRuleset(
    {
      rules: undefined,
      policyFiles: [join(folder, 'p.toml')],
      rego: {
        files: [join(folder, 'x.rego')],
        entrypoint: 'data.x.decision',
        entrypointAt: { file: 'aegis.toml', line: 1, column: 1 },
      },
      servers: [],
      agents: [],
      trust: { mode: 'dev', keys: [] },
      settings: { mode, limits: settings.limits, risk: {} },
      resolvePath: (path) => path,
    },
    sha256,
  );
  if (ruleset === undefined) throw new Error(formatDiagnostics('the policy', diagnostics));
  const kernel = new EnforcementKernel(harness.ports, () => ruleset);
  const session = await kernel.openSession({ tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-stdio' });
  let executions = 0;
  const call = (tool: string, args = {}) =>
    kernel.mediate(session, {
      method: 'tools/call',
      resource: { kind: 'tool', server: 'data', name: tool },
      args,
      execute: () => {
        executions++;
        return Promise.resolve(reply({}, 'write to ada@example.org'));
      },
    });
  const caseHost = {
    ...ruleset,
    inspect: (server: string) => harness.ports.inspect(server, ruleset),
    defaultAgent: 'bot',
    tenantOf: () => 'acme',
    nowMs: harness.clock.now(),
  };
  return { call, caseHost, events: () => harness.events(session), executions: () => executions };
}

describe('a call under Rego', () => {
  it('is denied by what Rego counts, however many come at once', async () => {
    const { call, executions } = await open(POLICY);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => call('query', { n })));
    expect(executions()).toBe(3);
    expect(answers.filter(({ kind }) => kind === 'denied')).toHaveLength(17);
    expect(answers.at(-1)).toMatchObject({
      denial: {
        code: 'BUDGET_EXCEEDED',
        rule: 'rego:data.x.decision',
        message: 'three calls are enough',
      },
    });
  });

  it('has its result masked as Rego says, and the record names who said so', async () => {
    const { call, events } = await open(POLICY);
    expect(JSON.stringify(await call('query'))).not.toContain('ada@example.org');
    const decision = (await events()).find(({ type }) => type === 'POLICY_DECISION');
    expect(decision?.payload).toMatchObject({
      effect: 'allow',
      rule: 'all',
      reasons: [{ rule: 'all' }, { code: 'OK', phase: 'obligations', rule: 'rego:data.x.decision' }],
      obligations: { mask: ['email'], max_output_bytes: 90 },
    });
  });

  it('is decided alike when it is explained', async () => {
    const { call, caseHost, events } = await open(POLICY);
    for (const tool of ['query', 'held']) await call(tool);
    const recorded = (await events()).filter(({ type }) => type === 'POLICY_DECISION');
    const explained = ['query', 'held'].map(
      (name) =>
        runCase(caseHost, {
          name,
          call: {
            server: 'data',
            kind: 'tool',
            name,
            method: 'tools/call',
            agent: undefined,
            tenant: undefined,
            args: {},
          },
          session: { steps: 0, toolCalls: 0, denied: 0, identicalCalls: 0, ageMs: 0 },
          atMs: undefined,
          expect: { effect: 'allow' },
          at: { file: '', line: 1, column: 1 },
        }).explanation.decision,
    );
    expect(explained.map(({ effect }) => effect)).toEqual(['allow', 'require_approval']);
    for (const [index, { effect, rule, policyDigest, reasons }] of explained.entries()) {
      expect(recorded[index]?.payload).toMatchObject({
        effect,
        rule,
        policy_digest: policyDigest,
        reasons: reasons.map(({ code, phase, rule: by, message }) => ({ code, phase, rule: by, message })),
      });
    }
  });

  it('is denied when Rego fails, and the agent learns no folder', async () => {
    const { call, executions } = await open('package x\n\ndecision := to_number(input.request.args.n)\n');
    const answer = await call('query', { n: 'many' });
    expect(answer).toMatchObject({ denial: { code: 'POLICY_DENY', rule: 'rego:data.x.decision' } });
    expect(JSON.stringify(answer)).toContain('x.rego:3:');
    expect(JSON.stringify(answer)).not.toContain(folder);
    expect(executions()).toBe(0);
  });

  it('goes on in shadow, and what Rego would have decided is recorded', async () => {
    const { call, events, executions } = await open('package x\n\ndecision := ["never"]\n', 'shadow');
    expect(await call('query')).toMatchObject({ kind: 'result' });
    expect(executions()).toBe(1);
    const decision = (await events()).find(({ type }) => type === 'POLICY_DECISION');
    expect(decision?.payload).toMatchObject({
      effect: 'deny',
      mode: 'shadow',
      rule: 'rego:data.x.decision',
    });
  });
});
