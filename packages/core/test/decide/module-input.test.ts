import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import { readAgentManifest } from '../../src/manifest/agent/read.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { ModuleInput, PolicyModule } from '../../src/policy/module/module.ts';
import { readDocument } from '../../src/source/document.ts';
import { call, NOW } from '../policy/call.ts';
import { compiled, moduleOf } from './opinions.ts';

describe('the input of a module', () => {
  function inputFor(reads: PolicyModule['reads'], sketch: Parameters<typeof call>[0] = {}, extra = {}) {
    let seen: ModuleInput | undefined;
    const module = moduleOf((input) => {
      seen = input;
      return { kind: 'value', value: [] };
    }, reads);
    decide(compiled(module), { ...call(sketch), ...extra });
    return seen;
  }

  const written: JsonObject = {
    schema: 'aegis.dev/manifest/v0.1',
    name: 'ada',
    version: '1',
    publisher: 'acme',
    permissions: {
      tools: ['*'],
      net: { domains: ['*'] },
      fs: { read_roots: ['/'] },
      exec: { allowed_bins: ['ls', 'rm'] },
    },
  };
  const { manifest: agent } = readAgentManifest(
    readDocument({ text: JSON.stringify(written), file: 'a.json' }),
    {
      resolve: (path) => path,
    },
  );

  it('is the whole call when all of it is read', () => {
    const input = call({
      paths: ['/data/a'],
      hosts: ['a.org'],
      findings: [{ id: 'sql.drop' }],
      args: { path: '/data/a' },
      snapshot: { steps: 3, toolCalls: 2, denied: 1, recentCalls: ['fingerprint', 'other', 'fingerprint'] },
    });
    const facts = {
      ...input.facts,
      commands: [
        { program: 'ls', args: '-l' },
        { program: 'rm', args: undefined },
      ],
    };
    const score = { value: 70, band: 'high', parts: [] } as const;
    const read = { labels: ['external'], from: [], agreement: 'value' } as const;
    const taint = {
      taints: [
        { ...read, at: '/path', use: 'authority' },
        { ...read, at: '/text/0', labels: ['crm', 'tool'], use: 'content' },
        { ...read, at: '/text/1', use: 'content' },
      ],
      unfounded: '/path',
      declassified: [],
    } as const;
    expect(inputFor([[]], {}, { ...input, facts: { ...facts, score, taint }, agent })).toEqual({
      request: {
        method: 'tools/call',
        server: 'files',
        tool: 'read_file',
        args: { path: '/data/a' },
        agent: 'ada',
        tenant: 'acme',
        user: 'ada',
        session: 'ses_1',
      },
      facts: {
        capabilities: ['fs.read'],
        risk: 'high',
        paths: ['/data/a'],
        hosts: ['a.org'],
        commands: [{ program: 'ls', args: '-l' }, { program: 'rm' }],
        findings: [{ id: 'sql.drop', at: '/sql', severity: 'high' }],
        score: 70,
      },
      taint: {
        labels: ['crm', 'external', 'tool'],
        args: { path: ['external'], text: ['crm', 'external', 'tool'] },
        authority: { path: ['external'] },
        steered: true,
      },
      session: { steps: 3, tool_calls: 2, denied: 1, age_ms: 1000, identical_calls: 2 },
      manifest: written,
      now_ns: BigInt(NOW) * 1_000_000n,
    });
  });

  it('is none, and the call is denied, where it reads whence the arguments come and nobody knows', () => {
    const module = moduleOf(() => ({ kind: 'value', value: { outcome: 'allow' } }), [['taint', 'labels']]);
    expect(compiled(module).followsData).toBe(true);
    expect(compiled(moduleOf(() => ({ kind: 'undefined' }), [['session']])).followsData).toBe(false);
    expect(decide(compiled(module), call({ labels: [] })).effect).toBe('allow');
    expect(decide(compiled(module), call())).toMatchObject({
      effect: 'deny',
      reasons: [{ code: 'INTERNAL_ERROR' }],
    });
  });

  it('is no more than what is read', () => {
    expect(inputFor([])).toEqual({});
    expect(
      inputFor([
        ['request', 'args', 'amount'],
        ['session', 'steps'],
      ]),
    ).toEqual({
      request: { args: {} },
      session: { steps: 0 },
    });
    expect(inputFor([['session', '*']])?.['session']).toHaveProperty('denied');
    const { facts } = call({ labels: [] });
    expect(Object.keys(inputFor([['*', 'args']], {}, { facts }) ?? {})).toEqual([
      'request',
      'taint',
      'now_ns',
    ]);
    expect(inputFor([['nothing']])).toEqual({});
  });

  it('names a resource or a prompt as what it is', () => {
    expect(inputFor([['request']], { kind: 'resource', tool: 'file:///a' })?.['request']).toMatchObject({
      resource: 'file:///a',
    });
    expect(inputFor([['request', 'tool']], { kind: 'prompt', tool: 'greeting' })).toEqual({ request: {} });
  });

  it('has a score and findings of content whenever they are read', () => {
    const needs = (reads: PolicyModule['reads']) => {
      const module = moduleOf(() => ({ kind: 'undefined' }), reads);
      return compiled(module).callNeeds(call());
    };
    expect(needs([['facts', 'score']])).toMatchObject({ text: true, secrets: true, score: true });
    expect(needs([[]]).score).toBe(true);
    expect(needs([['facts', 'findings', '*', 'id']])).toMatchObject({
      text: true,
      secrets: true,
      score: false,
    });
    expect(needs([['facts', 'paths']])).toMatchObject({ text: false, secrets: false, score: false });
  });
});
