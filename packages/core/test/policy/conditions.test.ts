import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import type { JsonObject, JsonValue } from '../../src/model/json.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import { readDocument } from '../../src/source/document.ts';
import { ALLOW_ALL, type CallSketch, call, policyOf, sha256 } from './call.ts';

/** Whether a rule that allows on the condition lets the call through, with everything else denied. */
function lets(when: JsonObject, sketch: CallSketch): boolean {
  const policy = policyOf([{ name: 'r', action: 'allow', when }]);
  return decide(policy, call(sketch)).effect === 'allow';
}

/** Whether a rule that denies on the condition stops the call, with everything else allowed. */
function stops(when: JsonObject, sketch: CallSketch): boolean {
  const policy = policyOf([{ name: 'r', action: 'deny', when }, ALLOW_ALL]);
  return decide(policy, call(sketch)).effect === 'deny';
}

type Case = readonly [when: JsonObject, sketch: CallSketch, holds: boolean];

const args = (value: JsonValue): CallSketch => ({ args: { x: value } });

/** Conditions that can be judged: they hold alike for every rule. */
const CLEAR: readonly Case[] = [
  [{}, {}, true],
  [{ tool_name: 'read_*' }, { tool: 'read_file' }, true],
  [{ tool_name: '*_file' }, { tool: 'read_file' }, true],
  [{ tool_name: ['a', 'read_file'] }, { tool: 'read_file' }, true],
  [{ tool_name: 'read' }, { tool: 'read_file' }, false],
  [{ tool_name: { eq: 'read*' } }, { tool: 'read_file' }, false],
  [{ tool_name: { ne: 'x' } }, { tool: 'read_file' }, true],
  [{ tool_name: { in: ['read_file'] } }, { tool: 'read_file' }, true],
  [{ tool_name: { contains: 'd_f' } }, { tool: 'read_file' }, true],
  [{ tool_name: { matches: '^read' } }, { tool: 'read_file' }, true],
  [{ tool_name: { matches: 'e_f', contains: 'zzz' } }, { tool: 'read_file' }, false],
  [{ tool_name: '*' }, { kind: 'resource' }, false],
  [{ tool_name: { exists: false } }, { kind: 'resource' }, true],
  [{ tool_name: { exists: false } }, { kind: 'tool' }, false],
  [{ tool_name: { exists: true } }, { kind: 'tool' }, true],
  [{ server: 'fil*' }, { server: 'files' }, true],
  [{ agent: 'ada' }, { agent: 'bob' }, false],
  [{ tenant: 'acme' }, { tenant: 'acme' }, true],
  [{ method: 'tools/*' }, { method: 'tools/call' }, true],
  [{ path: '/etc/*' }, { paths: ['/etc/ssh/sshd_config'] }, true],
  [{ path: '/etc/*' }, { paths: [] }, false],
  [{ path: { under: '/data' } }, { paths: ['/data'] }, true],
  [{ path: { under: '/data' } }, { paths: ['/data-old/x'] }, false],
  [{ path: { under: ['/a', '/data/'] } }, { paths: ['/data/x'] }, true],
  [{ path: { exists: false } }, { paths: [] }, true],
  [{ host: '*.Example.com' }, { hosts: ['api.example.com'] }, true],
  [{ host: { cidr: '10.0.0.0/8' } }, { hosts: ['10.1.2.3'] }, true],
  [{ host: { cidr: '10.0.0.0/8' } }, { hosts: ['::ffff:10.1.2.3'] }, true],
  [{ host: { cidr: '::ffff:10.0.0.0/104' } }, { hosts: ['10.1.2.3'] }, true],
  [{ host: { cidr: ['fc00::/7', '10.0.0.0/8'] } }, { hosts: ['fd00::1'] }, true],
  [{ host: { cidr: '10.0.0.0/8' } }, { hosts: ['example.com'] }, false],
  [{ capability: 'fs.*' }, { capabilities: ['fs.write'] }, true],
  [{ finding: 'sql.*' }, { findings: [{ id: 'sql.drop' }] }, true],
  [{ risk: 'low' }, { capabilities: ['db.destroy'] }, false],
  [{ risk: { gte: 'high' } }, { capabilities: ['db.destroy'] }, true],
  [{ risk: { lt: 'high' } }, { capabilities: ['db.destroy'] }, false],
  [{ x: 5 }, args(5), true],
  [{ 'args.x': 5 }, args(5), true],
  [{ args: { x: 5 } }, args(5), true],
  [{ 'x.y.z': 'a*' }, args({ y: { z: 'abc' } }), true],
  [{ 'x.y': 1 }, args({ z: 1 }), false],
  [{ constructor: { exists: true } }, {}, false],
  [{ x: true }, args(false), false],
  [{ x: ['a*', 5] }, args('abc'), true],
  [{ x: ['a*', 5] }, args(6), false],
  [{ x: { gt: 1000 } }, args(1000), false],
  [{ x: { gte: 1000, lt: 2000 } }, args(1000), true],
  [{ x: { gte: 1000, lt: 2000 } }, args(2000), false],
  [{ x: { lte: 5 } }, args(5), true],
  [{ x: { ne: 5 } }, args(6), true],
  [{ x: { ne: 5 } }, {}, false],
  [{ x: { in: [1, 'a'] } }, args('a'), true],
  [{ x: { contains: 'b' } }, args('abc'), true],
  [{ x: { contains: 'b' } }, args(['a', 'b']), true],
  [{ x: { contains: 'b' } }, args(['a']), false],
  [{ x: { matches: '^INV-[0-9]+$' } }, args('INV-17'), true],
  [{ x: { matches: 'b' } }, args('abc'), true],
  [{ x: { exists: false } }, {}, true],
  [{ x: { exists: true } }, args(null), true],
  [{ x: { cidr: '10.0.0.0/8' } }, args('10.255.0.1'), true],
  [{ x: { cidr: '::1/128' } }, args('[::1]'), true],
  [{ x: { under: '/data' } }, args('/data/../etc/passwd'), false],
  [{ x: { under: '/etc' } }, args('/data/..//etc/./passwd'), true],
  [{ x: 'a*' }, args(['ab', 'ac']), true],
  [{ x: 'a*' }, args([]), false],
  [{ x: 5, y: 6 }, { args: { x: 5, y: 7 } }, false],
];

/** What cannot be judged, or holds for a part only: it stops, and it does not let through. */
const DOUBTFUL: readonly (readonly [when: JsonObject, sketch: CallSketch])[] = [
  [{ path: '/data/*' }, { paths: ['/data/x', '/etc/passwd'] }],
  [{ path: { under: '/data' } }, { paths: ['/etc/passwd', '/data/x'] }],
  [{ host: 'a.org' }, { hosts: ['a.org', 'evil.org'] }],
  [{ capability: 'db.read' }, { capabilities: ['db.read', 'db.destroy'] }],
  [{ finding: 'pii.email' }, { findings: [{ id: 'pii.email' }, { id: 'sql.drop' }] }],
  [{ x: 'a*' }, args(['ab', 'b'])],
  [{ x: { gt: 1000 } }, args('2000')],
  [{ x: { gt: 1000 } }, args(null)],
  [{ x: { lte: 5 } }, args({ valueOf: 1 })],
  [{ x: { eq: 5 } }, args('5')],
  [{ x: { ne: 5 } }, args('5')],
  [{ x: 'a*' }, args(5)],
  [{ x: true }, args('true')],
  [{ x: { contains: 'b' } }, args(5)],
  [{ x: { contains: 'b' } }, args([['b']])],
  [{ x: { matches: 'a' } }, args(5)],
  [{ x: { cidr: '10.0.0.0/8' } }, args(167772161)],
  [{ x: { under: '/data' } }, args('data/x')],
  [{ x: { under: '/data' } }, args('/data/\0')],
];

describe('a condition', () => {
  it.each(CLEAR)('%j on %j holds: %j', (when, sketch, holds) => {
    expect(lets(when, sketch)).toBe(holds);
    expect(stops(when, sketch)).toBe(holds);
  });

  it.each(DOUBTFUL)('%j on %j stops a call and lets none through', (when, sketch) => {
    expect(stops(when, sketch)).toBe(true);
    expect(lets(when, sketch)).toBe(false);
  });

  it('that cannot be judged makes a rule ask for approval', () => {
    const rule = { name: 'r', action: 'require_approval', when: { amount: { gt: 1000 } } };
    const decision = decide(policyOf([rule, ALLOW_ALL]), call({ args: { amount: '5000' } }));
    expect(decision.effect).toBe('require_approval');
  });

  it('with `matches` on a text over 16 KiB denies, whatever the rule says', () => {
    const when = { x: { matches: 'never' } };
    const long = args('a'.repeat(16_385));
    for (const action of ['allow', 'deny', 'require_approval', 'audit']) {
      const decision = decide(policyOf([{ name: 'r', action, when }, ALLOW_ALL]), call(long));
      expect(decision).toMatchObject({ effect: 'deny', rule: 'r', reasons: [{ code: 'POLICY_DENY' }] });
      expect(decision.reasons[0].message).toContain('longer than 16384');
    }
    expect(lets(when, args('a'.repeat(16_384)))).toBe(false);
  });

  it('with `matches` fails in its turn and not before', () => {
    const first = { name: 'first', action: 'allow', when: { tool_name: { contains: 'aaa' } } };
    const second = { name: 'second', action: 'deny', when: { tool_name: { matches: 'a' } } };
    const long = call({ tool: 'a'.repeat(20_000) });
    expect(decide(policyOf([first, second]), long).rule).toBe('first');
    expect(decide(policyOf([second, first]), long)).toMatchObject({ effect: 'deny', rule: 'second' });
  });

  it('with `under` starts relative paths at the base of its part', () => {
    const text = '[[policies]]\nname = "r"\naction = "allow"\nwhen = { path = { under = "./data" } }\n';
    const part = { document: readDocument({ text, file: 'p.toml' }), path: ['policies'], base: '/home/ada' };
    const { policy } = compilePolicy({ parts: [part], settings: DEFAULT_SETTINGS, sha256 });
    if (policy === undefined) throw new Error('no policy');
    expect(decide(policy, call({ paths: ['/home/ada/data/x'] })).effect).toBe('allow');
    expect(decide(policy, call({ paths: ['/home/ada/other'] })).effect).toBe('deny');
  });

  it('cannot be made slow by a nested quantifier', () => {
    const policy = policyOf([{ name: 'r', action: 'deny', when: { x: { matches: '(a+)+$' } } }]);
    expect(decide(policy, call(args(`${'a'.repeat(16_000)}!`))).rule).not.toBe('r');
  });
});
