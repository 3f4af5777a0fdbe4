import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/ledger/canonical.ts';
import type { LedgerRow } from '../../src/ledger/entry-check.ts';
import type { LedgerFinding } from '../../src/ledger/finding.ts';
import { LedgerVerifier } from '../../src/ledger/verify.ts';
import * as d from './drafts.ts';
import { Recorder, rowsOf, sha256 } from './recorder.ts';

/** Two sessions of one log, their entries interleaved. */
function twoSessions(): LedgerRow[] {
  const one = new Recorder('ses_1').record(d.started(), ...d.toolCall('a'), d.terminated()).entries;
  const two = new Recorder('ses_2').record(d.started(), ...d.toolCall('b')).entries;
  const mixed = one.flatMap((entry, i) => (two[i] === undefined ? [entry] : [entry, two[i]]));
  return rowsOf(mixed);
}

function verify(rows: readonly LedgerRow[], scope: 'log' | 'sessions' = 'log'): LedgerFinding[] {
  const verifier = new LedgerVerifier(sha256, scope);
  return rows.flatMap((row) => verifier.next(row).findings);
}

const where = (findings: readonly LedgerFinding[]) =>
  findings.map(({ kind, session, seq, position }) => `${kind} ${session}/${seq} @${position}`);

/** Rows with one of them changed; `at` is its place in the log, from 1. */
const changed = (rows: readonly LedgerRow[], at: number, change: (row: LedgerRow) => Partial<LedgerRow>) =>
  rows.map((row) => (row.position === at ? { ...row, ...change(row) } : row));

const rehashed = (body: string): Partial<LedgerRow> => ({ body, hash: sha256(body) });

describe('the verifier', () => {
  test('finds nothing in an honest log, and counts what it saw', () => {
    const verifier = new LedgerVerifier(sha256, 'log');
    for (const row of twoSessions()) expect(verifier.next(row).findings).toEqual([]);
    expect([verifier.entries, verifier.sessions]).toEqual([13, 2]);
  });

  test('an entry from which a store leads elsewhere is found, and nothing else is judged by it', () => {
    const newest = new Map<string, number>();
    const rows: (LedgerRow & { readonly prev: number })[] = [];
    for (const row of twoSessions()) {
      rows.push({ ...row, prev: newest.get(row.session) ?? 0 });
      newest.set(row.session, row.position);
    }
    for (const at of rows.keys()) {
      for (const verify of ['next', 'link'] as const) {
        const verifier = new LedgerVerifier(sha256, 'log');
        const found = rows.flatMap((row, i) => {
          const taken = i === at ? { ...row, prev: row.prev + 1 } : row;
          return verify === 'link' ? verifier.link(taken) : verifier.next(taken).findings;
        });
        expect(found).toMatchObject([{ kind: 'session-mismatch', position: at + 1 }]);
      }
    }
  });

  test('an edited body is found at its place and nowhere else', () => {
    const rows = changed(twoSessions(), 5, ({ body }) => ({ body: body.replace('acme', 'evil') }));
    expect(where(verify(rows))).toEqual(['hash-mismatch ses_1/2 @5', 'column-mismatch ses_1/2 @5']);
  });

  test('an edited body with a new hash is found at the next entry of its session', () => {
    const rows = changed(twoSessions(), 5, ({ body }) =>
      rehashed(body.replace('"audit":false', '"audit":true')),
    );
    expect(where(verify(rows))).toEqual(['prev-mismatch ses_1/3 @7']);
  });

  test('a forged body that says the same in another spelling is found', () => {
    const rows = twoSessions();
    const spaced = changed(rows.slice(0, 1), 1, ({ body }) => rehashed(body.replace(':', ': ')));
    expect(where(verify(spaced))).toEqual(['not-canonical ses_1/0 @1']);
    const doubled = changed(rows.slice(0, 1), 1, ({ body }) =>
      rehashed(`{"event_type":"TERMINATION",${body.slice(1)}`),
    );
    expect(where(verify(doubled))).toEqual(['not-canonical ses_1/0 @1']);
  });

  test('a body that is no envelope is found', () => {
    const noJson = changed(twoSessions().slice(0, 1), 1, () => rehashed('nothing'));
    expect(where(verify(noJson))).toEqual(['not-canonical ses_1/0 @1']);
    const foreign = changed(twoSessions().slice(0, 1), 1, ({ body }) =>
      rehashed(canonicalJson({ ...JSON.parse(body), zz: 1 })),
    );
    expect(where(verify(foreign))).toEqual(['not-an-envelope ses_1/0 @1']);
  });

  test('a body nested too deep to be judged is found, not a crash', () => {
    const body = '['.repeat(100_000) + ']'.repeat(100_000);
    const rows = changed(twoSessions().slice(0, 1), 1, () => rehashed(body));
    expect(verify(rows).map(({ kind }) => kind)).toContain('not-canonical');
  });

  test.each<[string, Partial<LedgerRow>]>([
    ['tenant', { tenant: 'other' }],
    ['session', { session: 'ses_3' }],
    ['seq', { seq: 0 }],
  ])('a changed column `%s` is found', (column, change) => {
    const findings = verify(changed(twoSessions(), 3, () => change));
    const mismatch = findings.find(({ kind }) => kind === 'column-mismatch');
    expect(mismatch?.position).toBe(3);
    expect(mismatch?.message).toContain(column);
  });

  test('a deleted middle entry is found between its neighbours', () => {
    const rows = twoSessions().filter(({ position }) => position !== 5);
    expect(where(verify(rows))).toEqual(['position-gap ses_2/2 @6', 'chain-gap ses_1/3 @7']);
    expect(verify(rows).map(({ message }) => message)).toEqual(['position 5 is missing', 'seq 2 is missing']);
  });

  test('a deleted beginning is found', () => {
    const rows = twoSessions().filter(({ session, seq }) => session === 'ses_2' && seq > 1);
    expect(verify(rows, 'sessions').map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      'missing-start: seq 0 to 1 are missing',
    ]);
  });

  test('two swapped entries are found', () => {
    const rows = twoSessions().filter(({ session }) => session === 'ses_1');
    const [a, b, c, second, third, ...rest] = rows as [LedgerRow, LedgerRow, LedgerRow, LedgerRow, LedgerRow];
    expect(where(verify([a, b, c, third, second, ...rest], 'sessions'))).toEqual([
      'chain-gap ses_1/4 @9',
      'out-of-order ses_1/3 @7',
    ]);
  });

  test('an inserted entry is found where it stands', () => {
    const rows = twoSessions();
    const [first] = rows as [LedgerRow];
    const forged = { ...first, position: 14, seq: 7 };
    expect(where(verify([...rows, forged]))).toEqual([
      'column-mismatch ses_1/7 @14',
      'prev-mismatch ses_1/7 @14',
    ]);
  });

  test('an event out of order is found even where every hash is right', () => {
    const recorder = new Recorder().record(d.started(), d.proposed('c'), d.decided('c', 'deny'));
    recorder.force(d.allowed('c'));
    const findings = verify(recorder.rows());
    expect(where(findings)).toEqual(['illegal-transition ses_1/3 @4']);
    expect(findings[0]?.message).toContain('the passage `none`, not `allow`');
  });

  test('a payload of another shape is found even where every hash is right', () => {
    const recorder = new Recorder().record(d.started());
    const [row] = recorder.rows() as [LedgerRow];
    const envelope = JSON.parse(row.body);
    const reshaped = (payload: object) =>
      verify([{ ...row, ...rehashed(canonicalJson({ ...envelope, payload })) }]);
    expect(where(reshaped({}))).toEqual(['bad-payload ses_1/0 @1']);
    expect(where(reshaped({ ...envelope.payload, $sealed: { '/a': { h: 1, n: 1 } } }))).toEqual([
      'bad-payload ses_1/0 @1',
    ]);
  });

  test('after the first finding in a session its later events are not blamed for it', () => {
    const rows = twoSessions().filter(({ session, seq }) => session === 'ses_1' && seq !== 2);
    expect(where(verify(rows, 'sessions'))).toEqual(['chain-gap ses_1/3 @7']);
  });

  test('one changed character anywhere in any stored text is found', () => {
    const rows = twoSessions();
    fc.assert(
      fc.property(
        fc.nat(rows.length - 1),
        fc.constantFrom('body', 'hash', 'tenant', 'session'),
        fc.nat(),
        fc.integer({ min: 0x20, max: 0x2ff }),
        (index, column, at, code) => {
          const row = rows[index] as LedgerRow;
          const text = row[column as 'body'];
          const place = at % text.length;
          const character = String.fromCharCode(code);
          fc.pre(character !== text[place]);
          const edited = text.slice(0, place) + character + text.slice(place + 1);
          const found = verify(changed(rows, row.position, () => ({ [column]: edited })));
          expect(found.some(({ position }) => position === row.position)).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('the ends that a store keeps', () => {
  const rows = twoSessions();
  const logHead = { position: rows.length };
  const lastOf = (session: string) => rows.findLast((row) => row.session === session) as LedgerRow;
  const heads = ['ses_1', 'ses_2'].map((session) => {
    const { tenant, seq, hash } = lastOf(session);
    return { tenant, session, nextSeq: seq + 1, hash };
  });

  function verifyWithEnds(kept: readonly LedgerRow[], log = logHead, sessions = heads): LedgerFinding[] {
    const verifier = new LedgerVerifier(sha256, 'log');
    return [
      ...kept.flatMap((row) => verifier.next(row).findings),
      ...sessions.flatMap((head) => verifier.endOfSession(head)),
      ...verifier.endOfLog(log),
    ];
  }

  test('agree with an honest log', () => {
    expect(verifyWithEnds(rows)).toEqual([]);
  });

  test('a bare chain does not show a cut tail; the ends do, in the session and in the log', () => {
    const cut = rows.slice(0, -2);
    expect(verify(cut)).toEqual([]);
    expect(
      verifyWithEnds(cut).map(({ kind, session, seq, position, message }) => ({
        kind,
        session,
        seq,
        position,
        message,
      })),
    ).toEqual([
      {
        kind: 'cut-tail',
        session: 'ses_1',
        seq: 6,
        position: undefined,
        message: 'seq 6, the newest, is missing',
      },
      {
        kind: 'cut-tail',
        session: 'ses_2',
        seq: 5,
        position: undefined,
        message: 'seq 5, the newest, is missing',
      },
      {
        kind: 'cut-tail',
        session: undefined,
        seq: undefined,
        position: 12,
        message: 'positions 12 to 13 are missing at the end of the log',
      },
    ]);
  });

  test('a session that is gone as a whole is found', () => {
    const kept = rows.filter(({ session }) => session !== 'ses_2');
    expect(verifyWithEnds(kept)).toContainEqual({
      kind: 'session-missing',
      tenant: 'acme',
      session: 'ses_2',
      message: 'all 6 entries are missing',
    });
  });

  test('a tail that was sealed anew does not end in the kept head', () => {
    const other = new Recorder('ses_2').record(d.started('impostor'), ...d.toolCall('b')).entries;
    const forged = rows.map((row) => {
      const entry = row.session === 'ses_2' ? other[row.seq] : undefined;
      return entry === undefined ? row : { ...row, hash: entry.hash, body: entry.body };
    });
    expect(where(verifyWithEnds(forged))).toEqual(['head-mismatch ses_2/5 @undefined']);
  });

  test('entries beyond the kept end of the log are found', () => {
    expect(where(verifyWithEnds(rows, { position: 12 }))).toEqual(['head-mismatch undefined/undefined @12']);
  });

  /** The log as it is kept when one session was archived: where its entries stood. */
  const archived = (session: string) => rows.filter((row) => row.session === session);

  function verifyArchived(gone: readonly LedgerRow[], runs: readonly LedgerRow[] = gone): LedgerFinding[] {
    const verifier = new LedgerVerifier(sha256, 'log');
    return [
      ...rows.flatMap((row) => {
        const { tenant, session, position } = row;
        const run = { tenant, session, first: position, last: position };
        const explained = runs.includes(row) ? verifier.removed(run) : [];
        return gone.includes(row) ? explained : [...explained, ...verifier.next(row).findings];
      }),
      ...heads.flatMap((head) => verifier.endOfSession(head)),
      ...verifier.endOfLog(logHead),
    ];
  }

  test('a session that was archived as a whole is not missed', () => {
    expect(verifyArchived(archived('ses_2'))).toEqual([]);
  });

  test('an archive explains the entries that it names, and no other', () => {
    const gone = archived('ses_2');
    expect(where(verifyArchived([...gone, rows[4] as LedgerRow], gone))).toEqual([
      'position-gap ses_2/undefined @6',
      'chain-gap ses_1/3 @7',
    ]);
    expect(where(verifyArchived(gone, gone.slice(1)))).toContain(
      'archive-mismatch ses_2/undefined @undefined',
    );
  });

  test('a part of a session cannot be archived', () => {
    const found = where(verifyArchived(archived('ses_2').slice(-1)));
    expect(found).toEqual(['archive-mismatch ses_2/undefined @undefined']);
  });

  test('an empty store is sound', () => {
    const verifier = new LedgerVerifier(sha256, 'log');
    expect(verifier.endOfLog({ position: 0 })).toEqual([]);
  });
});
