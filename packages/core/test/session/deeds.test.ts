import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide.ts';
import type { EventDraft } from '../../src/model/event.ts';
import type { SequenceRule } from '../../src/sequence/sequence.ts';
import { MAX_DEEDS, type Snapshot } from '../../src/session/snapshot.ts';
import * as d from '../ledger/drafts.ts';
import { Recorder } from '../ledger/recorder.ts';
import { ALLOW_ALL, call, policyOf } from '../policy/call.ts';

/** One read of a resource of this name, as far as the events say. */
function read(name: string, labels?: readonly string[]): EventDraft[] {
  const proposed = d.accessProposed(name);
  const { payload } = d.accessResult(name);
  return [
    { ...proposed, payload: { ...proposed.payload, name } },
    d.decided(name),
    d.accessAllowed(name),
    { type: 'ACCESS_RESULT', payload: labels === undefined ? payload : { ...payload, labels } },
  ];
}

const after = (...drafts: readonly EventDraft[]): Snapshot =>
  new Recorder().record(d.started(), ...drafts).snapshot;

const others = Array.from({ length: MAX_DEEDS + 5 }, (_, i) => `other-${i}`);

function isDenied(
  snapshot: Snapshot,
  first: SequenceRule['first'],
  more: Partial<SequenceRule> = {},
): boolean {
  const sequence = {
    name: 's',
    first,
    next: { tool: ['send'] },
    action: 'deny',
    invariant: false,
    ...more,
  } as const;
  const limits = { maxSteps: 10_000 };
  const policy = policyOf([ALLOW_ALL], { sequences: [sequence], limits });
  const { startedAtMs } = snapshot;
  return decide(policy, { ...call({ tool: 'send', nowMs: startedAtMs + 1000 }), snapshot }).effect === 'deny';
}

describe('what a session has done', () => {
  it('is remembered at a bound', () => {
    const { deeds } = after(...read('secret'), ...others.flatMap((name) => read(name)));
    expect(deeds).toHaveLength(MAX_DEEDS);
    expect(deeds.at(-1)?.name).toBe(others.at(-1));
    expect(deeds.filter(({ several }) => several === true)).toHaveLength(1);
  });

  it('is not forgotten for any number of other actions', () => {
    const snapshot = after(...read('secret', ['private']), ...others.flatMap((name) => read(name)));
    expect(isDenied(snapshot, { tool: ['secret'] })).toBe(true);
    expect(isDenied(snapshot, { label: ['private'] })).toBe(true);
    expect(isDenied(snapshot, { server: ['files'], capability: ['fs.read'] })).toBe(true);
    expect(isDenied(snapshot, { capability: ['exec'] })).toBe(false);
    expect(isDenied(snapshot, { tool: ['secret'], label: ['public'] })).toBe(false);
    expect(isDenied(snapshot, { tool: ['secret'] }, { withinSteps: 100 })).toBe(false);
  });

  it('keeps the label of an answer that comes when little is known of its action any more', () => {
    const slow = read('secret', ['private']);
    const snapshot = after(...slow.slice(0, -1), ...others.flatMap((name) => read(name)), ...slow.slice(-1));
    expect(isDenied(snapshot, { label: ['private'] })).toBe(true);
  });
});
