import { describe, expect, test } from 'vitest';
import type { PinHead } from '../../src/ledger/pin-check.ts';
import { LedgerVerifier } from '../../src/ledger/verify.ts';
import type { EventDraft } from '../../src/model/event.ts';
import * as d from './drafts.ts';
import { Recorder, rowsOf, sha256 } from './recorder.ts';

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
const READ = JSON.stringify(['files', 'tool', 'read']);

/** Verifies sessions whose entries lie one after the other in one log; `heads` is what the store keeps. */
function verify(sessions: readonly (readonly EventDraft[])[], heads?: readonly PinHead[]): string[] {
  const entries = sessions.flatMap(
    (drafts, i) => new Recorder(`ses_${i}`).record(d.started(), ...drafts).entries,
  );
  const verifier = new LedgerVerifier(sha256, 'log');
  const found = rowsOf(entries).flatMap((row) => verifier.next(row).findings);
  const ends = heads === undefined ? [] : verifier.endOfPins(heads);
  return [...found, ...ends].map(({ kind, position }) => `${kind} @${position}`);
}

describe('what is pinned, read from the events', () => {
  test('a definition is pinned, seen changed, accepted, gone, and changed again, over several sessions', () => {
    const first = [d.pinned(A), d.changed(A, B)];
    const second = [d.accepted(A, B), d.changed(B), d.changed(B, C)];
    expect(verify([first, second], [{ key: READ, pinned: 5, offered: 7, newest: 7 }])).toEqual([]);
  });

  test('a definition that was never trusted is accepted once a person says so', () => {
    const drafts = [d.changed(undefined, A), d.accepted(undefined, A)];
    expect(verify([drafts], [{ key: READ, pinned: 3, offered: 2, newest: 3 }])).toEqual([]);
  });

  test('a policy has its texts in the first event that names it, and may come into force again', () => {
    const policy = (fingerprint: string): string => JSON.stringify(['aegis', 'policy', fingerprint]);
    const heads = [
      { key: policy(A), pinned: 2, offered: 5, newest: 5 },
      { key: policy(B), pinned: 3, newest: 3 },
    ];
    expect(verify([[d.activated(A), d.activated(B)], [d.activated(A, true)]], heads)).toEqual([]);
  });

  test('a stop is in force until a later event says that exactly this one is over', () => {
    const key = JSON.stringify(['aegis', 'kill', 'agent coder']);
    const drafts = [d.killed(A), d.killed(undefined, A), d.killed(B, A)];
    expect(verify([drafts.slice(0, 2)], [{ key, pinned: 2, newest: 3 }])).toEqual([]);
    expect(verify([drafts], [{ key, pinned: 4, newest: 4 }])).toEqual([]);
  });

  test.each<[string, readonly EventDraft[]]>([
    ['the end of a stop that was never made', [d.killed(undefined, A)]],
    ['a stop that takes no notice of the one before', [d.killed(A), d.killed(B)]],
    ['a second first sight', [d.pinned(A), d.pinned(B)]],
    ['an acceptance over another definition than the one in force', [d.pinned(A), d.accepted(C, B)]],
    ['an acceptance as if nothing were in force', [d.pinned(A), d.accepted(undefined, B)]],
    ['a change against another definition', [d.pinned(A), d.changed(C, B)]],
    ['a change against what was never pinned', [d.changed(A, B)]],
    ['a policy whose texts are sealed twice', [d.activated(A), d.activated(A)]],
    ['a policy that is called known and is not', [d.activated(A, true)]],
  ])('%s is found, within a session and across sessions', (_, drafts) => {
    const last = drafts.length + 1;
    expect(verify([drafts])).toEqual([`illegal-transition @${last}`]);
    const apart = drafts.map((draft) => [draft]);
    expect(verify(apart)).toEqual([`illegal-transition @${2 * drafts.length}`]);
  });

  test('two names are two pins', () => {
    expect(verify([[d.pinned(A), d.pinned(A, 'write')]])).toEqual([]);
  });

  test.each<[string, readonly PinHead[], string]>([
    ['lost', [], 'pin-mismatch @3'],
    ['set back', [{ key: READ, pinned: 2, newest: 2 }], 'pin-mismatch @3'],
    ['without its pin', [{ key: READ, offered: 3, newest: 3 }], 'pin-mismatch @3'],
    ['moved to another event', [{ key: READ, pinned: 3, offered: 3, newest: 3 }], 'pin-mismatch @3'],
    [
      'invented',
      [
        { key: READ, pinned: 2, offered: 3, newest: 3 },
        { key: '["files","tool","other"]', pinned: 2, newest: 2 },
      ],
      'pin-mismatch @2',
    ],
  ])('what the store keeps is found to be %s', (_, heads, finding) => {
    expect(verify([[d.pinned(A), d.changed(A, B)]], heads)).toEqual([finding]);
  });

  test('a log with something wrong in it is not asked about its pins', () => {
    expect(verify([[d.pinned(A), d.pinned(B)]], [])).toEqual(['illegal-transition @3']);
  });
});
