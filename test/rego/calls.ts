import {
  type AgentManifest,
  type DecisionInput,
  formatDiagnostic,
  type JsonObject,
  NO_FACTS,
  readAgentManifest,
  readDocument,
  startSnapshot,
} from '@aegis/core';
import fc from 'fast-check';

export const NOW = 1_800_000_000_000;

function list<T>(...items: T[]): fc.Arbitrary<T[]> {
  return fc.uniqueArray(fc.constantFrom(...items), { maxLength: 3 });
}

/** Mostly what passes, so that a call comes as far as the last rule; otherwise around a limit. */
function mostly<A, B>(usual: fc.Arbitrary<A>, rare: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: rare });
}

const spent = mostly(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 9, max: 26 }));

export const manifest: fc.Arbitrary<JsonObject> = fc
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

export const call = fc.record({
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

export function inputOf(sketch: Call, agent: AgentManifest | undefined): DecisionInput {
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

export function agentOf(value: JsonObject): AgentManifest {
  const read = readAgentManifest(readDocument({ text: JSON.stringify(value), file: 'a.json' }), {
    resolve: (path) => path,
  });
  if (read.manifest === undefined) throw new Error(read.diagnostics.map(formatDiagnostic).join('\n'));
  return read.manifest;
}
