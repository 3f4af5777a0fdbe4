import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/ledger/canonical.ts';
import type { LedgerRow } from '../../src/ledger/entry-check.ts';
import { isLinked, sessionMembers } from '../../src/ledger/envelope-tail.ts';
import { LedgerVerifier } from '../../src/ledger/verify.ts';
import * as d from './drafts.ts';
import { Recorder, rowsOf, sha256 } from './recorder.ts';

/** Two sessions of one log, one after the other. */
function rows(): LedgerRow[] {
  const one = new Recorder('ses_1').record(d.started(), ...d.toolCall('a'), d.terminated()).entries;
  const two = new Recorder('ses_2').record(d.started(), ...d.toolCall('b')).entries;
  return rowsOf([...one, ...two]);
}

function linked(log: readonly LedgerRow[]): string[] {
  const verifier = new LedgerVerifier(sha256, 'log');
  return log.flatMap((row) => verifier.link(row)).map(({ kind, position }) => `${kind} @${position}`);
}

const rehashed = (row: LedgerRow, body: string): LedgerRow => ({ ...row, body, hash: sha256(body) });

describe('the bytes alone', () => {
  test('an honest log is linked from its beginning to its end', () => {
    const verifier = new LedgerVerifier(sha256, 'log');
    for (const row of rows()) expect(verifier.link(row)).toEqual([]);
    expect([verifier.entries, verifier.sessions]).toEqual([13, 2]);
  });

  test('each changed byte of each body is found', () => {
    const log = rows();
    fc.assert(
      fc.property(fc.nat(log.length - 1), fc.nat(), fc.integer({ min: 1, max: 127 }), (at, place, by) => {
        const row = log[at] as LedgerRow;
        const index = place % row.body.length;
        const changed = String.fromCharCode(row.body.charCodeAt(index) ^ by);
        const body = `${row.body.slice(0, index)}${changed}${row.body.slice(index + 1)}`;
        expect(linked(log.with(at, { ...row, body }))).toContain(`hash-mismatch @${at + 1}`);
        // Whoever computes the hash anew is found at the entry behind it.
        const next = log.findIndex(({ session, seq }) => session === row.session && seq === row.seq + 1);
        const found = linked(log.with(at, rehashed(row, body)));
        if (next >= 0) expect(found).toContain(`prev-mismatch @${next + 1}`);
      }),
    );
  });

  test('an entry that was taken out, moved, or put into another session is found', () => {
    const log = rows();
    const renumbered = (some: readonly LedgerRow[]): LedgerRow[] =>
      some.map((row, i) => ({ ...row, position: i + 1 }));
    expect(linked(log.toSpliced(2, 1))).toEqual(expect.arrayContaining(['chain-gap @4', 'position-gap @4']));
    expect(linked(renumbered(log.toSpliced(2, 1)))).toContain('chain-gap @3');
    expect(linked(renumbered(log.toSpliced(2, 2, log[3] as LedgerRow, log[2] as LedgerRow)))).toEqual(
      expect.arrayContaining(['chain-gap @3', 'out-of-order @4']),
    );
    expect(linked(log.with(12, { ...(log[12] as LedgerRow), tenant: 'evil' }))).toEqual([
      'missing-start @13',
    ]);
    expect(linked(log.with(0, { ...(log[0] as LedgerRow), tenant: 'evil' }))).toContain('prev-mismatch @1');
  });

  test('members within the payload are not taken for those of the envelope', () => {
    const members = sessionMembers('acme', 'ses_1');
    const tail = { seq: 0, session_id: 'ses_1', tenant_id: 'acme', ts_unix_ms: 1, user_id: 'ada' };
    const envelope = { event_type: 'TERMINATION', payload: {}, ...tail };
    expect(isLinked(canonicalJson(envelope), 0, members, undefined)).toBe(true);
    for (const body of [
      { event_type: 'TERMINATION', payload: { payload: {}, ...tail } },
      { ...envelope, seq: 1, payload: { x: canonicalJson(envelope) } },
      { ...envelope, session_id: 'ses_2', payload: { payload: {}, ...tail } },
      { ...envelope, zz: 1 },
      { ...envelope, prev_hash: 'ab'.repeat(32) },
    ]) {
      expect(isLinked(canonicalJson(body), 0, members, undefined)).toBe(false);
    }
    expect(isLinked('', 0, members, undefined)).toBe(false);
  });

  test('says the same as the parsed envelope of every sealed event', () => {
    for (const { body, seq, session, tenant } of rows()) {
      const hash = (JSON.parse(body) as { prev_hash?: string }).prev_hash;
      const members = sessionMembers(tenant, session);
      expect(isLinked(body, seq, members, hash)).toBe(true);
      expect(isLinked(body, seq + 1, members, hash)).toBe(false);
      expect(isLinked(body, seq, sessionMembers(tenant, `${session}x`), hash)).toBe(false);
      expect(isLinked(body, seq, members, 'cd'.repeat(32))).toBe(false);
    }
  });
});
