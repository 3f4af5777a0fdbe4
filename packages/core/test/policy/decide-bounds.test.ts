import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { ALLOW_ALL, type CallSketch, manifest, NOW } from './call.ts';
import { code, decideOn } from './deciding.ts';

describe('the manifest', () => {
  const tools = [{ name: 'read_file', capabilities: ['fs.read'] }] as const;

  it('must declare every capability that the call would use', () => {
    const declared = manifest(tools);
    expect(code({ manifest: declared })).toBe('allow POLICY_ALLOW');
    const decision = decideOn({ manifest: declared, capabilities: ['fs.read', 'fs.write'] });
    expect(decision.reasons[0]).toMatchObject({ code: 'PERMISSION_UNDECLARED', phase: 'manifest' });
    expect(decision.reasons[0].message).toContain('`fs.write`');
  });

  it('comes before every rule', () => {
    expect(
      code({ manifest: manifest(tools), capabilities: ['exec'] }, [{ name: 'no', action: 'deny' }]),
    ).toBe('deny PERMISSION_UNDECLARED');
  });

  it('holds paths to the roots for reading or for writing', () => {
    const fs = { readRoots: ['/data', '/work'], writeRoots: ['/work'] };
    const declared = manifest([{ name: 'read_file', capabilities: ['fs.read', 'fs.write', 'fs.delete'] }], {
      fs,
    });
    const paths = (
      path: string,
      capability: 'fs.read' | 'fs.write' | 'fs.delete' | 'unclassified',
      tool = 'read_file',
    ) => code({ manifest: declared, tool, capabilities: [capability], paths: ['/work/x', path] });
    expect(paths('/data/x', 'fs.read')).toBe('allow POLICY_ALLOW');
    expect(paths('/data', 'fs.read')).toBe('allow POLICY_ALLOW');
    expect(paths('/data-old/x', 'fs.read')).toBe('deny FS_DENY');
    expect(paths('/data/x', 'fs.write')).toBe('deny FS_DENY');
    expect(paths('/data/x', 'fs.delete')).toBe('deny FS_DENY');
    expect(paths('/work/y', 'fs.write')).toBe('allow POLICY_ALLOW');
    expect(paths('/data/x', 'unclassified', 'undeclared_tool')).toBe('deny FS_DENY');
  });

  it('holds hosts to its domains, where `*.x.org` is not x.org', () => {
    const declared = manifest(tools, { net: { domains: ['*.x.org', 'y.org'] } });
    const hosts = (...hosts: string[]) => code({ manifest: declared, hosts });
    expect(hosts('a.x.org', 'b.c.x.org', 'y.org')).toBe('allow POLICY_ALLOW');
    expect(hosts('x.org')).toBe('deny EGRESS_DENY');
    expect(hosts('y.org', 'evilx.org')).toBe('deny EGRESS_DENY');
    expect(hosts('y.org.evil.net')).toBe('deny EGRESS_DENY');
  });

  it('passes an unknown tool on to the rules, as one of high risk', () => {
    const sketch: CallSketch = { manifest: manifest(tools), tool: 'other', capabilities: ['unclassified'] };
    expect(code(sketch, [])).toBe('deny DEFAULT_DENY');
    expect(code(sketch)).toBe('allow POLICY_ALLOW');
    expect(code(sketch, undefined, { risk: { high: 'deny' } })).toBe('deny POLICY_DENY');
    expect(code({ capabilities: [] }, undefined, { risk: { high: 'deny' } })).toBe('deny POLICY_DENY');
  });
});

describe('limits', () => {
  const limits = { maxSteps: 3, maxToolCalls: 2, maxWallTimeMs: 1000, maxIdenticalCalls: 2 };
  const after = (snapshot: CallSketch['snapshot'], rest: CallSketch = {}) =>
    code({ snapshot: snapshot ?? {}, ...rest }, undefined, { limits });

  it('of N steps allow exactly N', () => {
    expect(after({ steps: 2 })).toBe('allow POLICY_ALLOW');
    expect(after({ steps: 3 })).toBe('deny BUDGET_EXCEEDED');
    expect(after({ steps: 3 }, { method: 'resources/read', kind: 'resource' })).toBe('deny BUDGET_EXCEEDED');
  });

  it('of N tool calls allow exactly N, and count only those', () => {
    expect(after({ toolCalls: 1 })).toBe('allow POLICY_ALLOW');
    expect(after({ toolCalls: 2 })).toBe('deny BUDGET_EXCEEDED');
    expect(after({ toolCalls: 2 }, { method: 'resources/read', kind: 'resource' })).toBe(
      'allow POLICY_ALLOW',
    );
  });

  it('of wall time end a session to the millisecond, and for a time that is none', () => {
    expect(after({ startedAtMs: NOW - 1000 })).toBe('allow POLICY_ALLOW');
    expect(after({ startedAtMs: NOW - 1001 })).toBe('deny BUDGET_EXCEEDED');
    expect(after({ startedAtMs: Number.NaN })).toBe('deny BUDGET_EXCEEDED');
  });

  it('of N identical calls allow exactly N', () => {
    expect(after({ recentCalls: ['fingerprint', 'x'] })).toBe('allow POLICY_ALLOW');
    expect(after({ recentCalls: ['fingerprint', 'x', 'fingerprint'] })).toBe('deny LOOP_DETECTED');
  });

  it('are 24 steps, 12 tool calls, 120000 ms and 5 identical calls by default', () => {
    const spend = (snapshot: CallSketch['snapshot']) => code({ snapshot: snapshot ?? {} });
    expect(
      spend({
        steps: 23,
        toolCalls: 11,
        startedAtMs: NOW - 120_000,
        recentCalls: Array(4).fill('fingerprint'),
      }),
    ).toBe('allow POLICY_ALLOW');
    expect(spend({ steps: 24 })).toBe('deny BUDGET_EXCEEDED');
    expect(spend({ toolCalls: 12 })).toBe('deny BUDGET_EXCEEDED');
    expect(spend({ startedAtMs: NOW - 120_001 })).toBe('deny BUDGET_EXCEEDED');
    expect(spend({ recentCalls: Array(5).fill('fingerprint') })).toBe('deny LOOP_DETECTED');
  });

  it('do not outlive the session: an ended one is refused, in shadow too', () => {
    const ended = { snapshot: { terminated: true } };
    expect(code(ended)).toBe('deny PROTOCOL_VIOLATION');
    expect(decideOn(ended, [ALLOW_ALL], { mode: 'shadow' }).mode).toBe('enforce');
  });
});

describe('findings', () => {
  const findings = [
    { id: 'sql.unparsable', denies: 'GUARD_SQL', message: 'the statement cannot be parsed' },
  ] as const;

  it.each([
    'GUARD_SQL',
    'GUARD_SHELL',
    'GUARD_PATH',
    'GUARD_SSRF',
    'GUARD_PROMPT',
    'GUARD_PII',
    'GUARD_SECRET',
  ] as const)('that mean denial deny with their own code %s', (denies) => {
    const decision = decideOn({ findings: [{ id: 'a.b' }, { id: 'c.d', denies }] });
    expect(decision.reasons[0]).toMatchObject({ code: denies, phase: 'guards' });
  });

  it('are waived by the rule that wins, by id', () => {
    const waiving = { name: 'w', action: 'allow', waive: ['sql.unparsable'] };
    expect(code({ findings }, [waiving])).toBe('allow POLICY_ALLOW');
    expect(code({ findings }, [ALLOW_ALL, waiving])).toBe('deny GUARD_SQL');
    expect(code({ findings: [...findings, { id: 'sql.other', denies: 'GUARD_SQL' }] }, [waiving])).toBe(
      'deny GUARD_SQL',
    );
    expect(code({ findings }, [{ ...waiving, action: 'require_approval' }])).toBe(
      'require_approval APPROVAL_REQUIRED',
    );
  });

  it('without denial are for the rules to judge', () => {
    expect(code({ findings: [{ id: 'sql.drop' }] })).toBe('allow POLICY_ALLOW');
  });
});

describe('risk', () => {
  const risk = { critical: 'deny', high: 'require_approval' } as const;

  it('follows from capabilities, is overridden by the manifest, and by the rule above all', () => {
    const tool = (rest: object) =>
      manifest([{ name: 'read_file', capabilities: ['db.destroy', 'fs.read', 'exec'], ...rest }]);
    const level = (sketch: CallSketch, rule: JsonObject = ALLOW_ALL) => code(sketch, [rule], { risk });
    expect(level({ manifest: tool({}), capabilities: ['fs.read'] })).toBe('allow POLICY_ALLOW');
    expect(level({ manifest: tool({}), capabilities: ['exec'] })).toBe('require_approval APPROVAL_REQUIRED');
    expect(level({ manifest: tool({}), capabilities: ['db.destroy'] })).toBe('deny POLICY_DENY');
    expect(level({ manifest: tool({ risk: 'low' }), capabilities: ['db.destroy'] })).toBe(
      'allow POLICY_ALLOW',
    );
    expect(level({ manifest: tool({}), capabilities: ['fs.read'] }, { ...ALLOW_ALL, risk: 'critical' })).toBe(
      'deny POLICY_DENY',
    );
    expect(level({ manifest: tool({}), capabilities: ['db.destroy'] }, { ...ALLOW_ALL, risk: 'low' })).toBe(
      'allow POLICY_ALLOW',
    );
  });

  it('never turns a denial or a request for approval into less', () => {
    const settings = { risk: { low: 'allow', high: 'allow' } } as const;
    expect(code({}, [{ name: 'r', action: 'deny' }], settings)).toBe('deny POLICY_DENY');
    expect(code({}, [{ name: 'r', action: 'require_approval' }], settings)).toBe(
      'require_approval APPROVAL_REQUIRED',
    );
    expect(code({}, [{ name: 'r', action: 'require_approval', risk: 'critical' }], { risk })).toBe(
      'deny POLICY_DENY',
    );
  });
});
