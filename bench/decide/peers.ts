// The same rules in other engines: one tool and a path each, all of which would be asked in order. Each engine is used as
// its documentation says is fast, and every answer is compared with ours.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CompiledPolicy,
  compilePolicy,
  DEFAULT_SETTINGS,
  type DecisionInput,
  decide,
  type JsonObject,
  NO_FACTS,
  readDocument,
  startSnapshot,
} from '@aegis/core';
import { Environment } from '@marcbachmann/cel-js';
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import { findWinner } from '../../packages/core/src/decide/rules-phase.ts';
import { sha256 } from './workload.ts';

/** An engine with the rules in it: whether it allows a call. */
export interface Engine {
  readonly name: string;
  readonly allows: (call: Call) => boolean;
}

/** A call as each engine takes it. */
export interface Call {
  readonly tool: string;
  readonly path: string;
  readonly input: DecisionInput;
  /** What a policy in another language is shown of it. */
  readonly document: {
    readonly request: JsonObject;
    readonly facts: JsonObject;
    readonly session: JsonObject;
  };
}

interface PeerRule {
  readonly tool: string;
  readonly folder: string;
  readonly allow: boolean;
}

function rules(count: number): PeerRule[] {
  return Array.from({ length: count }, (_, i) => ({
    tool: `tool_${i}`,
    folder: `/data/${i % 9}/`,
    allow: i % 5 !== 0,
  }));
}

/** Half of the calls are met by a rule that allows or denies; the others by none. */
export function peerCalls(count: number, size: number): Call[] {
  const subject = { agent: 'ada', tenant: 'acme', user: 'ada', session: 'ses_1' };
  const who = { tenant: 'acme', agent: 'ada', user: 'ada', session: 'ses_1' };
  return Array.from({ length: count }, (_, i) => {
    const n = (i * 7919) % size;
    const tool = `tool_${n}`;
    const path = `/data/${i % 2 === 0 ? n % 9 : 'other'}/q3.csv`;
    const input: DecisionInput = {
      request: {
        id: `call_${i}`,
        subject: who,
        action: { method: 'tools/call', door: 'mcp-http' },
        resource: { kind: 'tool', server: 'bench', name: tool },
        args: { path },
        nowMs: 1_800_000_000_000,
      },
      facts: { ...NO_FACTS, paths: [{ given: path, real: path }] },
      snapshot: { ...startSnapshot(who), startedAtMs: 1_800_000_000_000 },
      server: undefined,
      receipts: new Map(),
      callFingerprint: String(i),
    };
    const document = {
      request: { method: 'tools/call', server: 'bench', tool, args: { path }, ...subject },
      facts: { capabilities: ['fs.read'], risk: 'low', paths: [path], hosts: [], commands: [] },
      session: { steps: 11, tool_calls: 11, denied: 1, age_ms: 5000, identical_calls: 0 },
    };
    return { tool, path, input, document };
  });
}

function native(count: number): readonly [Engine, Engine] {
  const policies = rules(count).map(({ tool, folder, allow }, i) => ({
    name: `rule-${i}`,
    action: allow ? 'allow' : 'deny',
    when: { tool_name: tool, path: `${folder}*` },
  }));
  const document = readDocument({ text: JSON.stringify({ policies }), file: 'peers.json' });
  const parts = [{ document, path: ['policies'] }];
  const { policy } = compilePolicy({ parts, settings: DEFAULT_SETTINGS, sha256 });
  if (policy === undefined) throw new Error('the rules do not compile');
  const compiled: CompiledPolicy = policy;
  return [
    {
      name: 'Aegis, the rules alone',
      allows: ({ input }) => findWinner(compiled, input)?.rule.action === 'allow',
    },
    {
      name: 'Aegis, the whole of `decide`',
      allows: ({ input }) => decide(compiled, input).effect === 'allow',
    },
  ];
}

function cel(count: number): Engine {
  const environment = new Environment()
    .registerVariable('request', 'map<string, dyn>')
    .registerVariable('facts', 'map<string, dyn>')
    .registerVariable('session', 'map<string, dyn>');
  const programs = rules(count).map(({ tool, folder, allow }) => ({
    matches: environment.parse(`request.tool == "${tool}" && request.args.path.startsWith("${folder}")`),
    allow,
  }));
  return {
    name: '@marcbachmann/cel-js 8.0.0',
    allows: ({ document }) => programs.find(({ matches }) => matches(document) === true)?.allow ?? false,
  };
}

async function cedar(count: number): Promise<Engine> {
  const engine = await import('@cedar-policy/cedar-wasm/nodejs');
  const staticPolicies = rules(count)
    .map(
      ({ tool, folder, allow }) =>
        `${allow ? 'permit' : 'forbid'} (principal, action == Action::"${tool}", resource) when { context.request.args.path like "${folder}*" };`,
    )
    .join('\n');
  engine.preparsePolicySet(`bench-${count}`, { staticPolicies });
  return {
    name: 'Cedar 4.13.0 (wasm, preparsed)',
    allows: ({ tool, document }) => {
      const answer = engine.statefulIsAuthorized({
        principal: { type: 'Agent', id: 'ada' },
        action: { type: 'Action', id: tool },
        resource: { type: 'Server', id: 'bench' },
        context: document as never,
        preparsedPolicySetId: `bench-${count}`,
        entities: [],
      });
      return answer.type === 'success' && answer.response.decision === 'allow';
    },
  };
}

/** Undefined where there is no `opa` to compile with. */
async function opaWasm(count: number): Promise<Engine | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'aegis-bench-opa-'));
  try {
    const chain = rules(count).map(
      ({ tool, folder: under, allow }) =>
        `decide := ${allow} if {\n\tinput.request.tool == "${tool}"\n\tstartswith(input.request.args.path, "${under}")\n}`,
    );
    writeFileSync(
      join(folder, 'p.rego'),
      `package bench\n\ndefault decide := false\n\n${chain.join('\n\n')}\n`,
    );
    const args = ['build', '-t', 'wasm', '-e', 'bench/decide', 'p.rego', '-o', 'b.tar.gz'];
    execFileSync(process.env['OPA'] ?? 'opa', args, { cwd: folder, stdio: 'pipe', timeout: 120_000 });
    execFileSync('tar', ['-xzf', 'b.tar.gz', '/policy.wasm'], { cwd: folder, stdio: 'pipe' });
    const policy = await loadPolicy(readFileSync(join(folder, 'policy.wasm')), {
      initial: 1024,
      maximum: 8192,
    });
    return {
      name: 'opa-wasm 1.10.0',
      allows: ({ document }) => (policy.evaluate(document) as { result: boolean }[])[0]?.result === true,
    };
  } catch (error) {
    process.stderr.write(
      `opa-wasm is left out at ${count} rules: ${(error as Error).message.split('\n')[0]}\n`,
    );
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every engine that is here, ours first. */
export async function enginesFor(count: number): Promise<readonly Engine[]> {
  const opa = await opaWasm(count);
  return [...native(count), ...(opa === undefined ? [] : [opa]), cel(count), await cedar(count)];
}
