import { describe, expect, test } from 'vitest';
import type { EventDraft } from '../../src/model/event.ts';
import { fold, startSnapshot } from '../../src/session/fold.ts';
import { LOOP_WINDOW, MAX_RECEIPTS, type Snapshot } from '../../src/session/snapshot.ts';
import * as d from '../ledger/drafts.ts';
import { Recorder, START_MS } from '../ledger/recorder.ts';

const snapshotAfter = (...drafts: readonly EventDraft[]) =>
  new Recorder().record(d.started(), ...drafts).snapshot;

/** A snapshot as data that later changes cannot reach. */
const plain = (snapshot: Snapshot) => structuredClone({ ...snapshot, openCalls: [...snapshot.openCalls] });

describe('the fold of a session', () => {
  test('begins with what the first event says', () => {
    const snapshot = new Recorder().record(d.started('researcher')).snapshot;
    expect(snapshot).toMatchObject({
      tenant: 'acme',
      session: 'ses_1',
      agent: 'researcher',
      user: 'ada',
      startedAtMs: START_MS,
      events: 1,
      terminated: false,
    });
  });

  test('counts an action when it is allowed, tool calls apart', () => {
    const snapshot = snapshotAfter(
      ...d.toolCall('a'),
      ...d.toolCall('b'),
      d.accessProposed('c'),
      d.decided('c'),
      d.accessAllowed('c'),
    );
    expect(snapshot).toMatchObject({ steps: 3, toolCalls: 2, denied: 0 });
  });

  test('counts an action before it has run: an allowance consumes the budget', () => {
    const snapshot = snapshotAfter(d.proposed('a'), d.decided('a'), d.allowed('a'));
    expect(snapshot).toMatchObject({ steps: 1, toolCalls: 1 });
  });

  test('counts denials apart, and they consume no budget', () => {
    const snapshot = snapshotAfter(
      d.proposed('a'),
      d.decided('a', 'deny'),
      d.denied('a'),
      d.accessProposed('b'),
      d.decided('b', 'deny'),
      d.accessDenied('b'),
    );
    expect(snapshot).toMatchObject({ steps: 0, toolCalls: 0, denied: 2, recentCalls: [] });
  });

  test('remembers the fingerprints of the newest allowed tool calls, oldest first, up to the window', () => {
    const recorder = new Recorder().record(d.started());
    for (let i = 0; i < LOOP_WINDOW + 10; i++) recorder.record(...d.toolCall(`c${i}`));
    const { recentCalls } = recorder.snapshot;
    expect(recentCalls).toHaveLength(LOOP_WINDOW);
    expect(recentCalls[0]).toBe('print-c10');
    expect(recentCalls.at(-1)).toBe(`print-c${LOOP_WINDOW + 9}`);
  });

  test('is exposed once an answer that scores as steering a model was released, and stays so', () => {
    const answered = (id: string, outcome: 'executed' | 'withheld', score?: number) => [
      d.proposed(id),
      d.decided(id),
      d.allowed(id),
      d.executed(id),
      {
        type: 'TOOL_RESULT',
        payload: { call_id: id, outcome, masked: 0, ...(score === undefined ? {} : { score }) },
      } as const,
    ];
    expect(snapshotAfter(...answered('a', 'executed')).exposed).toBe(false);
    expect(snapshotAfter(...answered('a', 'executed', 69)).exposed).toBe(false);
    expect(snapshotAfter(...answered('a', 'withheld', 100)).exposed).toBe(false);
    const exposed = [...answered('a', 'executed', 70), ...answered('b', 'executed', 0)];
    expect(snapshotAfter(...exposed).exposed).toBe(true);
  });

  test('a call is open from its proposal until its outcome', () => {
    const recorder = new Recorder().record(d.started());
    const stages = d.toolCall('c').map((draft) => {
      recorder.record(draft);
      return recorder.snapshot.openCalls.get('c')?.stage;
    });
    expect(stages).toEqual(['proposed', 'decided', 'allowed', 'executed', undefined]);
  });

  test('calls without an outcome stay open, with how far they came', () => {
    const snapshot = snapshotAfter(
      ...d.toolCall('done'),
      d.proposed('proposed'),
      d.proposed('decided'),
      d.decided('decided'),
      d.proposed('allowed'),
      d.decided('allowed'),
      d.allowed('allowed'),
      d.accessProposed('access'),
      d.decided('access'),
      d.accessAllowed('access'),
      d.proposed('executed'),
      d.decided('executed'),
      d.allowed('executed'),
      d.executed('executed'),
    );
    const open = [...snapshot.openCalls].map(([id, { family, stage }]) => `${id}: ${family} ${stage}`);
    expect(open.toSorted()).toEqual([
      'access: access allowed',
      'allowed: tool allowed',
      'decided: tool decided',
      'executed: tool executed',
      'proposed: tool proposed',
    ]);
  });

  test('a minted receipt is held with its content and its time', () => {
    const [receipt] = snapshotAfter(
      d.receiptMinted('r1', { minted_at_ms: 5, expires_at_ms: START_MS + 60 }),
    ).receipts;
    expect(receipt).toEqual({
      id: 'r1',
      name: 'validation',
      subject: 'orders',
      sha256: d.DIGEST,
      mintedAtMs: 5,
      expiresAtMs: START_MS + 60,
    });
  });

  test('a newer receipt for the same subject replaces the older one, and expired ones go', () => {
    const { receipts } = snapshotAfter(
      d.receiptMinted('old'),
      d.receiptMinted('other', { subject: 'customers' }),
      d.receiptMinted('gone', { subject: 'brief', expires_at_ms: START_MS + 3 }),
      d.receiptMinted('new'),
      d.receiptMinted('last', { name: 'review' }),
    );
    expect(receipts.map(({ id }) => id)).toEqual(['other', 'new', 'last']);
  });

  test('holds no more receipts than the limit; the oldest gives way', () => {
    const recorder = new Recorder().record(d.started());
    for (let i = 0; i < MAX_RECEIPTS + 5; i++)
      recorder.record(d.receiptMinted(`r${i}`, { subject: `s${i}` }));
    expect(recorder.snapshot.receipts).toHaveLength(MAX_RECEIPTS);
    expect(recorder.snapshot.receipts[0]?.id).toBe('r5');
  });

  test('is pure: it leaves the snapshot before as it was, and the same events give the same state', () => {
    const { entries, snapshot } = new Recorder().record(
      d.started(),
      ...d.toolCall('a'),
      d.receiptMinted('r1'),
    );
    const again = { tenant: 'acme', session: 'ses_1', agent: '', user: '' };
    let state = startSnapshot(again);
    for (const { envelope } of entries) {
      const before = plain(state);
      const next = fold(state, JSON.parse(JSON.stringify(envelope)));
      expect(plain(state)).toEqual(before);
      state = next;
    }
    expect(plain(state)).toEqual(plain(snapshot));
  });
});
