import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import type { DecisionInput } from '../../src/decide/input.ts';
import type { LoopSettings } from '../../src/loop/loop-settings.ts';
import type { RateReading } from '../../src/rate/rate-book.ts';
import type { SequenceRule } from '../../src/sequence/sequence.ts';
import type { CallOutcome, Deed } from '../../src/session/snapshot.ts';
import {
  ALLOW_ALL,
  type CallSketch,
  call,
  manifest,
  NOW,
  policyOf,
  type SettingsSketch,
} from '../policy/call.ts';

function judged(sketch: CallSketch, settings: SettingsSketch, more: Partial<DecisionInput> = {}) {
  return decide(policyOf([ALLOW_ALL], settings), { ...call(sketch), ...more });
}

const said = (decision: ReturnType<typeof judged>) =>
  `${decision.effect} ${decision.reasons[0].code} ${decision.mode}`;

describe('a rate', () => {
  const reading = (
    more: Partial<RateReading> & { readonly action?: 'deny' | 'require_approval' } = {},
  ): RateReading => ({
    rate: {
      name: 'few',
      per: [],
      limit: 2,
      windowMs: 1_000,
      match: '*',
      action: more.action ?? 'deny',
    },
    key: '["few"]',
    bound: { most: 2, windowMs: 1_000 },
    used: 2,
    waitMs: 400,
    ...more,
  });

  it('that is taken up denies, and says after which time it would not', () => {
    const decision = judged({}, {}, { rates: [reading({ waitMs: 300 }), reading()] });
    expect(said(decision)).toBe('deny RATE_LIMITED enforce');
    expect(decision.reasons[0]).toMatchObject({
      phase: 'limits',
      message: 'the rate `few` allows 2 calls in 1000 ms, and they were made',
      retryAfterMs: 400,
    });
    expect(said(judged({}, {}, { rates: [reading({ waitMs: 0 })] }))).toBe('allow POLICY_ALLOW enforce');
  });

  it('can ask for a person in place of it, in words that are the same for each call', () => {
    const [one, other] = [300, 200].map((waitMs) =>
      judged({}, {}, { rates: [reading({ action: 'require_approval', waitMs })] }),
    );
    expect(one && said(one)).toBe('require_approval APPROVAL_REQUIRED enforce');
    expect(one?.reasons).toEqual(other?.reasons);
  });

  it('denies nothing in shadow, and says that it would', () => {
    expect(said(judged({}, { mode: 'shadow' }, { rates: [reading()] }))).toBe('deny RATE_LIMITED shadow');
  });
});

describe('a switch that stops an agent', () => {
  const killed = { scope: 'agent', name: 'ada', by: 'mallory', why: 'it misbehaves' } as const;

  it('denies in every mode, before anything else is asked, and tells the agent neither who nor why', () => {
    for (const mode of ['enforce', 'shadow'] as const) {
      const decision = judged({ snapshot: { terminated: true } }, { mode }, { killed });
      expect(said(decision)).toBe('deny KILLED enforce');
      expect(JSON.stringify(decision)).not.toMatch(/mallory|misbehaves/);
    }
  });
});

describe('loops', () => {
  const loops: LoopSettings = {
    sequence: { times: 2, action: 'deny' },
    sameAnswer: { times: 3, action: 'deny' },
    errors: { times: 2, action: 'deny' },
  };
  const ended = (more: Partial<CallOutcome> = {}): CallOutcome => ({
    server: 'files',
    tool: 'read_file',
    failed: false,
    ...more,
  });
  const after = (snapshot: CallSketch['snapshot'], more: CallSketch = {}, settings = loops) =>
    said(judged({ snapshot: snapshot ?? {}, ...more }, { loops: settings }));
  const ALLOWED = 'allow POLICY_ALLOW enforce';
  const LOOP = 'deny LOOP_DETECTED enforce';

  it('are the same calls round after round, which the record names by their length', () => {
    const recentCalls = ['fingerprint', 'other', 'fingerprint', 'other'];
    expect(after({ recentCalls })).toBe(LOOP);
    expect(judged({ snapshot: { recentCalls } }, { loops }).reasons[0]).toMatchObject({
      message: 'the same 2 calls were already made 2 times, one round after the other',
      cycle: ['fingerprint', 'other'],
    });
    expect(after({ recentCalls: [...recentCalls, 'something else'] })).toBe(ALLOWED);
  });

  it('are the same answer of a tool that only reads, whatever it is asked, and no longer after another answer', () => {
    const same = Array.from({ length: 3 }, () => ended({ answer: 'a' }));
    expect(after({ outcomes: same })).toBe(LOOP);
    expect(after({ outcomes: [...same, ended({ answer: 'b' })] })).toBe(ALLOWED);
    expect(after({ outcomes: same.slice(1) })).toBe(ALLOWED);
    expect(after({ outcomes: same }, { tool: 'other' })).toBe(ALLOWED);
    expect(after({ outcomes: same }, { capabilities: ['fs.write'] })).toBe(ALLOWED);
    expect(after({ outcomes: Array.from({ length: 3 }, () => ended()) })).toBe(ALLOWED);
  });

  it('are failures of a tool one after the other, and no longer after a success', () => {
    const failures = [ended({ failed: true }), ended({ failed: true })];
    expect(after({ outcomes: failures }, { capabilities: ['fs.write'] })).toBe(LOOP);
    expect(after({ outcomes: [...failures, ended()] })).toBe(ALLOWED);
    expect(after({ outcomes: [...failures, ended({ tool: 'other' })] })).toBe(LOOP);
  });

  it('are not seen in a tool that may be polled, but for its own number of equal calls', () => {
    const polled = { manifest: manifest([{ name: 'read_file', capabilities: ['fs.read'], polling: 7 }]) };
    const calls = (count: number) => Array<string>(count).fill('fingerprint');
    expect(after({ recentCalls: calls(6) }, polled)).toBe(ALLOWED);
    expect(after({ recentCalls: calls(7) }, polled)).toBe(LOOP);
    expect(after({ recentCalls: calls(5) })).toBe(LOOP);
    expect(after({ recentCalls: ['fingerprint', 'other', 'fingerprint', 'other'] }, polled)).toBe(ALLOWED);
    expect(after({ outcomes: Array.from({ length: 3 }, () => ended({ answer: 'a' })) }, polled)).toBe(
      ALLOWED,
    );
  });

  it('can ask for a person, or slow down', () => {
    const recentCalls = ['fingerprint', 'fingerprint'];
    const asking = { identical: { times: 2, action: 'require_approval' } } as const;
    expect(after({ recentCalls }, {}, asking)).toBe('require_approval APPROVAL_REQUIRED enforce');
    const slow = { identical: { times: 2, action: 'slow_down', delayMs: 1_000 } } as const;
    expect(after({ recentCalls, lastAllowedAtMs: NOW - 999 }, {}, slow)).toBe(LOOP);
    expect(after({ recentCalls, lastAllowedAtMs: NOW - 1_000 }, {}, slow)).toBe(ALLOWED);
    expect(
      judged({ snapshot: { recentCalls, lastAllowedAtMs: NOW - 400 } }, { loops: slow }).reasons[0],
    ).toMatchObject({
      retryAfterMs: 600,
    });
  });

  it('are of tools alone', () => {
    const recentCalls = ['fingerprint', 'other', 'fingerprint', 'other'];
    expect(after({ recentCalls }, { method: 'resources/read', kind: 'resource' })).toBe(ALLOWED);
  });
});

describe('a sequence', () => {
  const sequence: SequenceRule = {
    name: 'no-egress-after-secrets',
    first: { tool: ['read_secret'], server: ['vault*'] },
    next: { capability: ['net.egress'] },
    action: 'deny',
    invariant: false,
  };
  const deed = (more: Partial<Deed> = {}): Deed => ({
    server: 'vault-1',
    name: 'read_secret',
    capabilities: ['fs.read'],
    labels: [],
    atMs: NOW - 5_000,
    step: 3,
    ...more,
  });
  const send: CallSketch = { tool: 'post', server: 'web', capabilities: ['net.egress'] };
  const after = (deeds: readonly Deed[], more: Partial<SequenceRule> = {}, settings: SettingsSketch = {}) =>
    judged(
      { ...send, snapshot: { deeds, steps: 4 } },
      { ...settings, sequences: [{ ...sequence, ...more }] },
    );

  it('denies what comes after what, across servers, and names itself as the rule', () => {
    const decision = after([deed()]);
    expect(said(decision)).toBe('deny POLICY_DENY enforce');
    expect(decision.rule).toBe('no-egress-after-secrets');
    expect(decision.reasons[0].message).toContain('must not come after `read_secret` on `vault-1`');
  });

  it('lets everything else pass', () => {
    expect(after([]).effect).toBe('allow');
    expect(after([deed({ server: 'files' })]).effect).toBe('allow');
    expect(after([deed({ name: 'list' })]).effect).toBe('allow');
    const reading = judged(
      { capabilities: ['fs.read'], snapshot: { deeds: [deed()] } },
      { sequences: [sequence] },
    );
    expect(reading.effect).toBe('allow');
  });

  it('holds for a time or for a number of actions', () => {
    expect(after([deed()], { withinMs: 5_000 }).effect).toBe('deny');
    expect(after([deed()], { withinMs: 4_999 }).effect).toBe('allow');
    expect(after([deed()], { withinSteps: 2 }).effect).toBe('deny');
    expect(after([deed()], { withinSteps: 1 }).effect).toBe('allow');
  });

  it('can begin with what a result is called', () => {
    const labelled = { first: { label: ['secret'] } };
    expect(after([deed({ labels: ['document', 'secret'] })], labelled).effect).toBe('deny');
    expect(after([deed({ labels: ['document'] })], labelled).effect).toBe('allow');
  });

  it('can ask for a person', () => {
    expect(said(after([deed()], { action: 'require_approval' }))).toBe(
      'require_approval APPROVAL_REQUIRED enforce',
    );
  });

  it('is in force in shadow as an invariant alone', () => {
    expect(said(after([deed()], {}, { mode: 'shadow' }))).toBe('deny POLICY_DENY shadow');
    expect(said(after([deed()], { invariant: true }, { mode: 'shadow' }))).toBe('deny POLICY_DENY enforce');
  });
});
