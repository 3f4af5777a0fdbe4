import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import { mayAllow } from '../../src/decide/may-allow.ts';
import { readAgentManifest } from '../../src/manifest/agent/read.ts';
import type { CommandFact } from '../../src/model/finding.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { readDocument } from '../../src/source/document.ts';
import { ALLOW_ALL, type CallSketch, call, NOW, policyOf } from '../policy/call.ts';

function agentOf(permissions: JsonObject, rest: JsonObject = {}) {
  const text = JSON.stringify({
    schema: 'aegis.dev/manifest/v0.1',
    name: 'scribe',
    version: '1',
    publisher: 'acme',
    permissions,
    ...rest,
  });
  const { manifest, diagnostics } = readAgentManifest(readDocument({ text, file: 'm.json' }), {
    resolve: (path) => path,
  });
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  return manifest;
}

const ANY = policyOf([ALLOW_ALL]);

interface Sketch extends CallSketch {
  readonly commands?: readonly CommandFact[];
  readonly credentials?: readonly string[];
}

function decided(
  permissions: JsonObject,
  { commands, credentials, ...sketch }: Sketch,
  rest: JsonObject = {},
) {
  const input = call(sketch);
  const facts = commands === undefined ? input.facts : { ...input.facts, commands };
  const { effect, reasons, obligations } = decide(ANY, {
    ...input,
    facts,
    agent: agentOf(permissions, rest),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return { effect, code: reasons[0]?.code, message: reasons[0]?.message, obligations };
}

const verdict = (permissions: JsonObject, sketch: Sketch, rest: JsonObject = {}) => {
  const { effect, code } = decided(permissions, sketch, rest);
  return effect === 'deny' ? code : effect;
};

const TOOLS = { tools: ['read_*', 'files.write_file', 'run'] };

describe('an agent with a manifest', () => {
  it.each<[string, CallSketch, string]>([
    ['a tool it names by a glob', { tool: 'read_file' }, 'allow'],
    ['a tool it names with its server', { tool: 'write_file' }, 'allow'],
    ['the same tool of another server', { tool: 'write_file', server: 'web' }, 'PERMISSION_UNDECLARED'],
    ['a tool it does not name', { tool: 'delete_file' }, 'PERMISSION_UNDECLARED'],
    ['a resource', { kind: 'resource', method: 'resources/read', tool: 'x://y' }, 'allow'],
  ])('and %s', (_, sketch, wanted) => {
    expect(verdict(TOOLS, sketch)).toBe(wanted);
  });

  it('sees only the tools that it names', () => {
    const { request, server } = call({ tool: 'delete_file' });
    const listing = { method: 'tools/call', subject: request.subject, server, agent: agentOf(TOOLS) };
    const seen = (name: string) => mayAllow(ANY, { ...listing, resource: { ...request.resource, name } });
    expect([seen('delete_file'), seen('read_file')]).toEqual([false, true]);
  });

  const NET = { ...TOOLS, net: { domains: ['API.example.org', '*.wikipedia.org'] } };
  it.each<[string, JsonObject, CallSketch, string]>([
    ['a domain', NET, { hosts: ['api.example.org', 'de.wikipedia.org'] }, 'allow'],
    ['a domain of which it has only the subdomains', NET, { hosts: ['wikipedia.org'] }, 'EGRESS_DENY'],
    ['another one among allowed ones', NET, { hosts: ['api.example.org', 'evil.example'] }, 'EGRESS_DENY'],
    ['a host where it has none', TOOLS, { hosts: ['api.example.org'] }, 'EGRESS_DENY'],
    ['a tool that sends, where it has no host', TOOLS, { capabilities: ['net.egress'] }, 'EGRESS_DENY'],
  ])('and %s', (_, permissions, sketch, wanted) => {
    expect(verdict(permissions, sketch)).toBe(wanted);
  });

  const FS = { ...TOOLS, fs: { read_roots: ['/data'], write_roots: ['/data/out'] } };
  it.each<[string, JsonObject, CallSketch, string]>([
    ['a path to read', FS, { paths: ['/data/a'] }, 'allow'],
    ['a path beside it', FS, { paths: ['/database'] }, 'FS_DENY'],
    ['a path to write', FS, { paths: ['/data/out/a'], capabilities: ['fs.write'] }, 'allow'],
    ['a path that it may only read', FS, { paths: ['/data/a'], capabilities: ['fs.write'] }, 'FS_DENY'],
    ['a path where it has none', TOOLS, { paths: ['/data/a'] }, 'FS_DENY'],
  ])('and %s', (_, permissions, sketch, wanted) => {
    expect(verdict(permissions, sketch)).toBe(wanted);
  });

  const git = (args: string | undefined): Sketch => ({ tool: 'run', commands: [{ program: 'git', args }] });
  const EXEC = { ...TOOLS, exec: { allowed_bins: ['git', 'ls'] } };
  const ARGS = { ...TOOLS, exec: { allowed_bins: ['git'], arg_patterns: ['status', 'log( --oneline)?'] } };
  it.each<[string, JsonObject, Sketch, string]>([
    ['a program it has', EXEC, git('push --force'), 'allow'],
    [
      'one of two programs',
      EXEC,
      {
        tool: 'run',
        commands: [
          { program: 'ls', args: '' },
          { program: 'rm', args: '' },
        ],
      },
      'EXEC_DENY',
    ],
    ['a program without a name', EXEC, { tool: 'run', commands: [{ program: '', args: 'x' }] }, 'EXEC_DENY'],
    ['a tool that runs what nobody can see', EXEC, { tool: 'run', capabilities: ['exec'] }, 'EXEC_DENY'],
    ['any program where it has none', TOOLS, git('status'), 'EXEC_DENY'],
    ['arguments of a pattern', ARGS, git('log --oneline'), 'allow'],
    ['arguments around a pattern', ARGS, git('status; rm -rf /'), 'EXEC_DENY'],
    ['arguments that are known only later', ARGS, git(undefined), 'EXEC_DENY'],
  ])('and %s', (_, permissions, sketch, wanted) => {
    expect(verdict(permissions, sketch)).toBe(wanted);
  });

  it('runs nothing where it wants a sandbox and there is none', () => {
    const rest = { sandbox: { required: true } };
    expect(verdict(EXEC, git('status'), rest)).toBe('EXEC_DENY');
    expect(verdict(EXEC, { tool: 'read_file' }, rest)).toBe('allow');
  });

  it('uses no server whose credentials it does not name', () => {
    const permissions = { ...TOOLS, secrets: ['GITHUB_TOKEN'] };
    expect(verdict(permissions, { credentials: ['GITHUB_TOKEN'] })).toBe('allow');
    expect(verdict(permissions, { credentials: ['GITHUB_TOKEN', 'STRIPE_KEY'] })).toBe(
      'PERMISSION_UNDECLARED',
    );
  });

  it('asks a person where the manifest says so, and the policy only allows', () => {
    const permissions = { ...TOOLS, approval_required: ['files.write_*'] };
    expect(decided(permissions, { tool: 'write_file' })).toMatchObject({
      effect: 'require_approval',
      code: 'APPROVAL_REQUIRED',
    });
    expect(verdict(permissions, { tool: 'read_file' })).toBe('allow');
  });

  it('keeps in the record what a rule in shadow would have said', () => {
    const policy = policyOf([{ name: 'trial', mode: 'shadow', action: 'deny' }, ALLOW_ALL]);
    const agent = agentOf({ ...TOOLS, approval_required: ['read_*'] });
    const { reasons } = decide(policy, { ...call(), agent });
    expect(reasons.map(({ code, rule }) => [code, rule])).toEqual([
      ['APPROVAL_REQUIRED', undefined],
      ['POLICY_DENY', 'trial'],
    ]);
  });

  it('never spends more than the smaller of both budgets', () => {
    const spent = (budgets: JsonObject, snapshot: CallSketch['snapshot']) =>
      verdict({ ...TOOLS, budgets }, { snapshot: snapshot ?? {} });
    expect(spent({ max_steps: 3 }, { steps: 2 })).toBe('allow');
    expect(spent({ max_steps: 3 }, { steps: 3 })).toBe('BUDGET_EXCEEDED');
    expect(spent({ max_steps: 1000 }, { steps: 24 })).toBe('BUDGET_EXCEEDED');
    expect(spent({ max_tool_calls: 1 }, { toolCalls: 1 })).toBe('BUDGET_EXCEEDED');
    expect(spent({ max_wall_time_ms: 1000 }, { startedAtMs: NOW - 1001 })).toBe('BUDGET_EXCEEDED');
  });

  it('is given the smaller time and the smaller result', () => {
    const { obligations } = decided(
      { ...TOOLS, budgets: { timeout_ms: 1000, max_output_bytes: 999_999_999 } },
      {},
    );
    expect([obligations.timeoutMs, obligations.maxOutputBytes]).toEqual([1000, 1_048_576]);
  });

  it('may do nothing where it needs a manifest and has none', () => {
    const { request, server } = call();
    const { code, message } = decide(ANY, { ...call(), agent: 'nothing' }).reasons[0] ?? {};
    expect([code, message]).toEqual([
      'PERMISSION_UNDECLARED',
      'the agent `ada` has no manifest, and here every agent needs one',
    ]);
    const { resource, subject } = request;
    const listing = { method: 'tools/call', resource, subject, server, agent: 'nothing' } as const;
    expect(mayAllow(ANY, listing)).toBe(false);
    const reading = call({ kind: 'resource', method: 'resources/read', tool: 'x://y' });
    expect(decide(ANY, { ...reading, agent: 'nothing' }).effect).toBe('deny');
  });

  it('is granted nothing that the policy denies', () => {
    const none = policyOf([]);
    expect(decide(none, { ...call(), agent: agentOf(TOOLS) }).reasons[0]?.code).toBe('DEFAULT_DENY');
  });
});
