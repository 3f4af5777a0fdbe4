import { createHash } from 'node:crypto';
import {
  type CompiledPolicy,
  compilePolicy,
  DEFAULT_SETTINGS,
  readDocument,
  type ServerManifest,
  startSnapshot,
} from '@aegis/core';
import type { DecisionInput, JsonObject, JsonValue, Sha256 } from '@aegis/core';

const NOW = 1_800_000_000_000;
const WHO = { tenant: 'acme', agent: 'ada', user: 'ada', session: 'ses_1' };

export const sha256: Sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** A fixed sequence of numbers in [0, 1), the same in every run (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Rules that name tools: 60 % one tool and a path, 15 % two tools and an amount, 10 % one tool and a
 * capability, 10 % a prefix and a host, 4 % one tool and a pattern, 1 % a suffix; and two invariants.
 */
function rules(count: number): JsonObject[] {
  const invariants = [
    { name: 'never-destroy', invariant: true, action: 'deny', when: { capability: 'db.destroy' } },
    { name: 'no-etc', invariant: true, action: 'deny', when: { path: '/etc/*' } },
  ];
  return [...invariants, ...Array.from({ length: count - invariants.length }, (_, i) => rule(i))];
}

function rule(i: number): JsonObject {
  const name = `rule-${i}`;
  const tool = `tool_${i}`;
  const action = i % 5 === 0 ? 'deny' : i % 7 === 0 ? 'require_approval' : 'allow';
  const slot = (i * 37) % 100;
  if (slot < 60) return { name, action, when: { tool_name: tool, path: `/data/${i % 9}/*` } };
  if (slot < 75) return { name, action, when: { tool_name: [tool, `tool_${i + 1}`], amount: { gt: 100 } } };
  if (slot < 85) return { name, action, when: { tool_name: tool, capability: ['fs.*', 'db.read'] } };
  if (slot < 95) return { name, action, when: { tool_name: `group_${i}_*`, host: '*.example.com' } };
  if (slot < 99) return { name, action, when: { tool_name: tool, note: { matches: '^INV-[0-9]{4}$' } } };
  return { name, action, when: { tool_name: `*_suffix_${i}` } };
}

export type RulesFormat = 'toml' | 'json';

/** The rules as a policy file. */
export function policyText(count: number, format: RulesFormat): string {
  const list = rules(count);
  if (format === 'json') return JSON.stringify({ policies: list });
  const table = (rule: JsonObject): string =>
    ['[[policies]]', ...Object.entries(rule).map(([key, value]) => `${key} = ${tomlOf(value)}`)].join('\n');
  return `${list.map(table).join('\n\n')}\n`;
}

function tomlOf(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(tomlOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${key} = ${tomlOf(inner as JsonValue)}`);
  return `{ ${entries.join(', ')} }`;
}

/** CPU time of reading the rules, and of compiling what was read, in milliseconds. */
export interface CompileCost {
  readonly readMs: number;
  readonly compileMs: number;
}

export function compile(count: number): CompileCost & { readonly policy: CompiledPolicy } {
  const text = policyText(count, 'json');
  const started = process.cpuUsage();
  const document = readDocument({ text, file: 'bench.json' });
  const readMs = cpuMs(started);
  const { policy, diagnostics } = compilePolicy({
    parts: [{ document, path: ['policies'] }],
    settings: DEFAULT_SETTINGS,
    sha256,
  });
  if (policy === undefined) throw new Error(JSON.stringify(diagnostics[0]));
  return { policy, readMs, compileMs: cpuMs(started) - readMs };
}

/** CPU time of this process since a moment, in milliseconds. */
export function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/**
 * `spread`: calls of all tools that rules name (70 %), of a prefix (10 %), of tools nobody named (10 %)
 * and of names made up anew each time (10 %). `settled`: calls of one agent's hundred tools, each named
 * by a rule, taken from all over the policy.
 */
export type Traffic = 'spread' | 'settled';

const SETTLED_TOOLS = 100;

export function calls(rulesCount: number, count: number, traffic: Traffic): DecisionInput[] {
  const random = sequence(rulesCount);
  const tools = Array.from({ length: rulesCount }, (_, i) => `tool_${i}`);
  const server: ServerManifest = {
    server: 'bench',
    tools: new Map(
      tools.map((name) => [
        name,
        { name, capabilities: ['fs.read', 'db.read'], args: new Map(), requires: [] },
      ]),
    ),
    receipts: [],
    fs: { readRoots: ['/data', '/work'], writeRoots: ['/work'] },
    net: { domains: ['*.example.com'] },
    clientRequests: new Set(),
    protectedTables: [],
  };
  return Array.from({ length: count }, (_, i) => input(server, rulesCount, i, random, traffic));
}

function input(
  server: ServerManifest,
  rulesCount: number,
  i: number,
  random: () => number,
  traffic: Traffic,
): DecisionInput {
  const settled = Math.floor(random() * Math.min(rulesCount, SETTLED_TOOLS));
  const stride = Math.max(1, Math.floor(rulesCount / SETTLED_TOOLS));
  const n = traffic === 'settled' ? settled * stride : Math.floor(random() * rulesCount);
  const kind = traffic === 'settled' ? 0 : random();
  const tool =
    kind < 0.7
      ? `tool_${n}`
      : kind < 0.8
        ? `group_${n}_list`
        : kind < 0.9
          ? `unnamed_${n % 50}`
          : `made_up_${i}_${n}`;
  const path = `/data/${random() < 0.7 ? n % 9 : 'other'}/reports/q3.csv`;
  return {
    request: {
      id: `call_${i}`,
      subject: WHO,
      action: { method: 'tools/call', door: 'mcp-http' },
      resource: { kind: 'tool', server: 'bench', name: tool },
      args: {
        path,
        amount: random() * 200,
        note: `INV-${1000 + (i % 9000)}`,
        url: 'https://api.example.com/v1',
      },
      nowMs: NOW,
    },
    facts: {
      capabilities: kind < 0.7 ? ['fs.read'] : [],
      findings: [],
      paths: [{ given: path, real: path }],
      urls: [
        { href: 'https://api.example.com/v1', scheme: 'https', host: 'api.example.com', internal: false },
      ],
      contents: [],
    },
    snapshot: {
      ...startSnapshot(WHO),
      startedAtMs: NOW - 5000,
      events: 60,
      steps: 11,
      toolCalls: 11,
      denied: 1,
      recentCalls: Array.from({ length: 11 }, (_, call) => fingerprint(call)),
    },
    server,
    receipts: new Map(),
    callFingerprint: fingerprint(1000 + i),
  };
}

function fingerprint(n: number): string {
  return sha256(String(n));
}
