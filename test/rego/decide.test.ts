import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type CompiledPolicy,
  compilePolicy,
  DEFAULT_SETTINGS,
  type Decision,
  type DecisionInput,
  decide,
  formatDiagnostics,
  type PolicyLimits,
  readCases,
  readDocument,
  runCase,
} from '@aegis/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../packages/aegis/src/config/load.ts';
import { loadRules } from '../../packages/aegis/src/daemon/rules.ts';
import { openCaseHost } from '../../packages/aegis/src/daemon/trial.ts';
import { sha256 } from '../../packages/aegis/src/platform.ts';
import { loadRego } from '../../packages/aegis/src/source/rego.ts';
import { readDisk } from '../../packages/aegis/src/source/texts.ts';
import { secondOpinion } from '../../packages/core/src/decide/second-opinion.ts';
import { agentOf, call, inputOf, manifest, NOW } from './calls.ts';

const FOLDER = fileURLToPath(new URL('../../policies/rego/', import.meta.url));
const NO_LIMITS: PolicyLimits = {
  ...DEFAULT_SETTINGS.limits,
  maxSteps: 1_000_000,
  maxToolCalls: 1_000_000,
  maxWallTimeMs: 1_000_000_000,
  maxIdenticalCalls: 64,
};

const document = readDocument({ text: '[[policies]]\nname = "all"\naction = "allow"\n', file: 'p.toml' });

async function policyOf(limits: PolicyLimits, rego: boolean): Promise<CompiledPolicy> {
  const module = rego
    ? await loadRego(
        {
          files: [`${FOLDER}decide.rego`],
          entrypoint: 'data.aegis.decision',
          entrypointAt: { file: 'aegis.toml', line: 1, column: 1 },
        },
        { read: () => Promise.resolve(undefined), readText: readDisk, sha256, diagnostics: [] },
      )
    : undefined;
  if (rego && module === undefined) throw new Error('decide.rego does not load');
  const settings = { ...DEFAULT_SETTINGS, limits };
  const { policy } = compilePolicy({
    parts: [{ document, path: ['policies'] }],
    settings,
    modules: module === undefined ? [] : [module],
    sha256,
  });
  if (policy === undefined) throw new Error('no policy');
  return policy;
}

let native: CompiledPolicy;
let bare: CompiledPolicy;
let rego: CompiledPolicy;

beforeAll(async () => {
  native = await policyOf(DEFAULT_SETTINGS.limits, false);
  bare = await policyOf(NO_LIMITS, false);
  rego = await policyOf(NO_LIMITS, true);
});

/** What Rego makes of a call that everything else allows. */
function byRego(input: DecisionInput): Decision {
  return secondOpinion(rego, input, decide(bare, { ...input, agent: undefined }));
}

const told = ({ effect, reasons, obligations }: Decision) => ({
  effect,
  code: effect === 'allow' ? undefined : reasons[0].code,
  obligations: effect === 'deny' ? undefined : obligations,
});

describe('policies/rego/decide.rego', () => {
  it('decides 10,000 calls as Aegis itself does', () => {
    const seen: Record<string, number> = {};
    fc.assert(
      fc.property(call, fc.option(manifest, { nil: undefined, freq: 6 }), (sketch, written) => {
        const input = inputOf(sketch, written && agentOf(written));
        const wanted = told(decide(native, input));
        expect(told(byRego(input))).toEqual(wanted);
        const met = wanted.code ?? wanted.effect;
        seen[met] = (seen[met] ?? 0) + 1;
      }),
      { numRuns: 10_000 },
    );
    // It saw every answer, and none of them seldom.
    expect(Object.keys(seen).toSorted()).toEqual([
      'APPROVAL_REQUIRED',
      'BUDGET_EXCEEDED',
      'EGRESS_DENY',
      'EXEC_DENY',
      'LOOP_DETECTED',
      'PERMISSION_UNDECLARED',
      'allow',
    ]);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
  });

  it('lets no call pass of which something is not there', async () => {
    const whole = { method: 'tools/call', server: 'files', tool: 'read' };
    const facts = { hosts: [], commands: [], capabilities: [] };
    const session = { steps: 0, tool_calls: 0, age_ms: 0, identical_calls: 0 };
    const module = await loadRego(
      {
        files: [`${FOLDER}decide.rego`],
        entrypoint: 'data.aegis.decision',
        entrypointAt: { file: 'aegis.toml', line: 1, column: 1 },
      },
      { read: () => Promise.resolve(undefined), readText: readDisk, sha256, diagnostics: [] },
    );
    expect(module?.evaluate?.({ request: whole, facts, session }, NOW)).toMatchObject({
      value: { outcome: 'allow' },
    });
    for (const [section, members] of Object.entries({ facts, session })) {
      for (const missing of Object.keys(members)) {
        const rest = Object.fromEntries(Object.entries(members).filter(([name]) => name !== missing));
        const input = { request: whole, facts, session, [section]: rest };
        expect([missing, module?.evaluate?.(input, NOW)]).toEqual([missing, { kind: 'undefined' }]);
      }
    }
    expect(module?.evaluate?.({}, NOW)).toEqual({ kind: 'undefined' });
  });

  it('decides its cases as they say', async () => {
    const { configuration, diagnostics } = await loadConfiguration(`${FOLDER}aegis.toml`);
    if (configuration === undefined) throw new Error(formatDiagnostics('the configuration', diagnostics));
    const host = await openCaseHost(configuration, await loadRules(configuration));
    const file = `${FOLDER}cases.yaml`;
    const { cases = [] } = readCases(readDocument({ text: readFileSync(file, 'utf8'), file }));
    expect(cases.length).toBeGreaterThan(15);
    for (const one of cases) expect([one.name, runCase(host, one).differences]).toEqual([one.name, []]);
  });
});
