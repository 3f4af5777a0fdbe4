import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type AgentManifest,
  type CompiledPolicy,
  compilePolicy,
  DEFAULT_SETTINGS,
  type Decision,
  type DecisionInput,
  decide,
  formatDiagnostic,
  formatDiagnostics,
  type JsonObject,
  NO_FACTS,
  type PolicyLimits,
  readAgentManifest,
  readCases,
  readDocument,
  runCase,
  startSnapshot,
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

const FOLDER = fileURLToPath(new URL('../../policies/rego/', import.meta.url));
const NOW = 1_800_000_000_000;
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

function list<T>(...items: T[]): fc.Arbitrary<T[]> {
  return fc.uniqueArray(fc.constantFrom(...items), { maxLength: 3 });
}

/** Mostly what passes, so that a call comes as far as the last rule; otherwise around a limit. */
function mostly<A, B>(usual: fc.Arbitrary<A>, rare: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: rare });
}

const spent = mostly(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 9, max: 26 }));

const manifest: fc.Arbitrary<JsonObject> = fc
  .record({
    permissions: fc.record(
      {
        tools: mostly(fc.constant(['*']), list('read', 'send_*', 'db.*', 'r?n', '*.query', 'files.read')),
        net: fc.record(
          { domains: list('a.org', '*.B.org', '*', 'api.*.org', '?.org') },
          { requiredKeys: [] },
        ),
        exec: fc.record(
          {
            allowed_bins: list('git', 'ls', 'rm'),
            arg_patterns: list('status', 'log( --oneline)?', '.*', '-[a-z]+'),
          },
          { requiredKeys: [] },
        ),
        approval_required: list('send_*', 'db.*', 'read', '*'),
        budgets: fc.record(
          {
            max_steps: fc.integer({ min: 5, max: 40 }),
            max_tool_calls: fc.integer({ min: 5, max: 20 }),
            max_wall_time_ms: fc.constantFrom(1000, 100_000, 200_000),
            timeout_ms: fc.constantFrom(1, 5000, 60_000),
            max_output_bytes: fc.constantFrom(1, 5000, 9_000_000),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    ),
    sandbox: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, fc.record({ required: fc.boolean() })),
  })
  .map((rest): JsonObject => {
    const head = { schema: 'aegis.dev/manifest/v0.1', name: 'a', version: '1', publisher: 'p' };
    return Object.assign(head, JSON.parse(JSON.stringify(rest)) as JsonObject);
  });

const command = fc.record({
  program: fc.constantFrom('git', 'ls', 'curl'),
  args: fc.constantFrom('status', 'log --oneline', 'push', '-la', '', undefined),
});

const call = fc.record({
  method: fc.constantFrom('tools/call', 'tools/call', 'tools/call', 'resources/read', 'prompts/get'),
  server: fc.constantFrom('files', 'db'),
  name: fc.constantFrom('read', 'send_mail', 'run', 'query', ''),
  hosts: mostly(fc.constant<string[]>([]), list('a.org', 'x.b.org', 'b.org', 'api.v1.org', 'c.example')),
  capabilities: mostly(fc.constant(['fs.read']), list('fs.read', 'net.egress', 'exec')),
  commands: mostly(fc.constant([]), fc.array(command, { maxLength: 2 })),
  steps: spent,
  toolCalls: spent,
  ageMs: mostly(fc.constantFrom(0, 999, 1000), fc.constantFrom(1001, 100_000, 120_000, 120_001)),
  identical: mostly(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 5, max: 7 })),
});

const KIND = { 'tools/call': 'tool', 'resources/read': 'resource', 'prompts/get': 'prompt' } as const;

type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

function inputOf(sketch: Call, agent: AgentManifest | undefined): DecisionInput {
  const who = { tenant: 't', agent: 'a', user: 'a', session: 's' };
  return {
    request: {
      id: 'c',
      subject: who,
      action: { method: sketch.method, door: 'mcp-stdio' },
      resource: {
        kind: KIND[sketch.method as keyof typeof KIND],
        server: sketch.server,
        name: sketch.name,
      },
      args: {},
      nowMs: NOW,
    },
    facts: {
      ...NO_FACTS,
      capabilities: sketch.capabilities as DecisionInput['facts']['capabilities'],
      urls: sketch.hosts.map((host) => ({ href: '', scheme: 'https', host, internal: false })),
      commands: sketch.commands,
    },
    snapshot: {
      ...startSnapshot(who),
      startedAtMs: NOW - sketch.ageMs,
      steps: sketch.steps,
      toolCalls: sketch.toolCalls,
      recentCalls: Array<string>(sketch.identical).fill('same'),
    },
    server: undefined,
    agent,
    receipts: new Map(),
    callFingerprint: 'same',
  };
}

function agentOf(value: JsonObject): AgentManifest {
  const read = readAgentManifest(readDocument({ text: JSON.stringify(value), file: 'a.json' }), {
    resolve: (path) => path,
  });
  if (read.manifest === undefined) throw new Error(read.diagnostics.map(formatDiagnostic).join('\n'));
  return read.manifest;
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
