import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import type { ReceiptDefinition } from '../../src/manifest/manifest.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { Receipt } from '../../src/session/snapshot.ts';
import { ALLOW_ALL, type CallSketch, call, manifest, NOW, policyOf } from './call.ts';

const VALIDATION: ReceiptDefinition = {
  name: 'validation',
  server: 'files',
  mintedBy: 'validate',
  when: {},
  subject: 'key',
  content: { tool: 'stat', field: 'sha256' },
  ttlMs: 1000,
};

const RECEIPT: Receipt = {
  id: 'rcp_1',
  name: 'validation',
  subject: 'gold/users',
  sha256: 'aa',
  mintedAtMs: NOW - 500,
  expiresAtMs: NOW + 500,
};

const PROMOTE: CallSketch = {
  tool: 'promote',
  capabilities: ['data.promote'],
  args: { key: 'gold/users' },
  contents: [{ receipt: 'validation', subject: 'gold/users', sha256: 'aa' }],
  receipts: [VALIDATION],
  snapshot: { receipts: [RECEIPT] },
  manifest: manifest([
    {
      name: 'promote',
      capabilities: ['data.promote'],
      requires: [{ receipt: 'validation', subject: 'key' }],
    },
  ]),
};

function why(sketch: CallSketch, rules: readonly JsonObject[] = [ALLOW_ALL]): string {
  const { effect, reasons } = decide(policyOf(rules), call({ ...PROMOTE, ...sketch }));
  const [{ code, phase, message }] = reasons;
  if (effect !== 'deny') return effect;
  expect([code, phase]).toEqual(['PRECONDITION_FAILED', 'preconditions']);
  return message;
}

const holding = (...receipts: Partial<Receipt>[]): CallSketch => ({
  snapshot: { receipts: receipts.map((receipt) => Object.assign({}, RECEIPT, receipt)) },
});

describe('a receipt that the manifest requires', () => {
  it('lets the call through while it covers what is there now', () => {
    expect(why({})).toBe('allow');
    expect(why(holding({ sha256: 'old' }, { expiresAtMs: NOW - 1 }, {}))).toBe('allow');
  });

  it('is missed where it was never minted, or for another subject', () => {
    const want = 'the session holds no receipt `validation` for `gold/users`';
    expect(why(holding())).toBe(want);
    expect(why(holding({ subject: 'gold/orders' }, { name: 'other' }))).toBe(want);
  });

  it('does not cover content that was changed after validation', () => {
    const changed = 'the content has changed since the receipt `validation` for `gold/users` was minted';
    expect(why({ contents: [{ receipt: 'validation', subject: 'gold/users', sha256: 'bb' }] })).toBe(changed);
    expect(why(holding({ sha256: 'bb' }))).toBe(changed);
  });

  it('covers nothing once it has expired, to the millisecond', () => {
    expect(why(holding({ expiresAtMs: NOW }))).toBe('the receipt `validation` for `gold/users` has expired');
    expect(why(holding({ expiresAtMs: NOW + 1 }))).toBe('allow');
    expect(why(holding({ expiresAtMs: Number.NaN }))).toContain('has expired');
  });

  it('covers nothing when the content cannot be read', () => {
    const unread = 'the content that the receipt `validation` for `gold/users` speaks of could not be read';
    expect(why({ contents: [] })).toBe(unread);
    expect(why({ contents: [{ receipt: 'other', subject: 'gold/users', sha256: 'aa' }] })).toBe(unread);
    expect(why({ contents: [{ receipt: 'validation', subject: 'gold/orders', sha256: 'aa' }] })).toBe(unread);
  });

  it('needs an argument that names the content', () => {
    const unnamed = 'the argument `key` must name the content that `validation` is about';
    expect(why({ args: {} })).toBe(unnamed);
    expect(why({ args: { key: ['gold/users'] } })).toBe(unnamed);
  });

  it('that no manifest defines can never be shown', () => {
    expect(why({ receipts: [] })).toBe('the receipt `validation` is defined by no manifest');
  });

  it('is earned by the tool that the remedy names', () => {
    const { reasons } = decide(policyOf([ALLOW_ALL]), call({ ...PROMOTE, ...holding() }));
    expect(reasons[0].remedy).toBe('call `validate` on `files` with `key` set to `gold/users` first');
  });

  it('is asked for before a person is', () => {
    expect(why(holding(), [{ name: 'r', action: 'require_approval' }])).toContain('holds no receipt');
    expect(why({}, [{ name: 'r', action: 'require_approval' }])).toBe('require_approval');
  });
});

describe('a receipt that a rule requires', () => {
  const free = { manifest: manifest([{ name: 'promote', capabilities: ['data.promote'] }]) };
  const rule = { name: 'r', action: 'allow', requires: ['validation'] };
  const invariant = {
    name: 'i',
    invariant: true,
    action: 'audit',
    requires: ['validation'],
    when: { capability: 'data.promote' },
  };

  it('counts like one of the manifest', () => {
    expect(why({ ...free, ...holding() })).toBe('allow');
    expect(why(free, [rule])).toBe('allow');
    expect(why({ ...free, ...holding() }, [rule])).toContain('holds no receipt');
  });

  it('is required by an invariant whatever rule wins, in shadow too', () => {
    expect(why(free, [ALLOW_ALL, invariant])).toBe('allow');
    expect(why({ ...free, ...holding() }, [ALLOW_ALL, invariant])).toContain('holds no receipt');
    const shadow = policyOf([ALLOW_ALL, invariant], { mode: 'shadow' });
    const decision = decide(shadow, call({ ...PROMOTE, ...free, ...holding() }));
    expect(decision).toMatchObject({ effect: 'deny', mode: 'enforce', rule: 'i' });
  });

  it('is among the requirements that a call is prepared for', () => {
    const receipts = new Map([['validation', VALIDATION]]);
    const tool = PROMOTE.manifest?.tools.get('promote');
    const want = { receipt: 'validation', subject: 'key' };
    expect(policyOf([ALLOW_ALL]).requirements(tool, receipts)).toEqual([want]);
    expect(policyOf([rule]).requirements(tool, receipts)).toEqual([want]);
    expect(policyOf([ALLOW_ALL]).requirements(undefined, receipts)).toEqual([]);
    expect(policyOf([rule]).requirements(undefined, receipts)).toEqual([want]);
    expect(policyOf([rule]).requirements(undefined, new Map())).toEqual([]);
  });
});
