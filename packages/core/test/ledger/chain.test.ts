import { describe, expect, test } from 'vitest';
import { MAX_ENVELOPE_BYTES, type SealInput, seal } from '../../src/ledger/chain.ts';
import { checkExtension } from '../../src/ledger/extension.ts';
import { chainVectors } from './chain-vectors.ts';
import { errorRaised, proposed, started, toolCall } from './drafts.ts';
import { Recorder, START_MS, sha256, utf8 } from './recorder.ts';

const input = (change: Partial<SealInput> = {}): SealInput => ({
  draft: started(),
  tenant: 'acme',
  user: 'ada',
  session: 'ses_1',
  seq: 0,
  prevHash: undefined,
  tsUnixMs: START_MS,
  sha256,
  utf8,
  salt: () => new Uint8Array(32),
  ...change,
});

describe('sealing', () => {
  test('reproduces the shared vectors, byte for byte', () => {
    const { tenant, user, session, entries } = chainVectors;
    let prevHash: string | undefined;
    entries.forEach((vector, seq) => {
      const salts = [...(vector.salts ?? [])];
      const entry = seal({
        draft: {
          type: vector.type,
          payload: vector.payload,
          ...(vector.sealed && { sealed: vector.sealed }),
        },
        tenant,
        user,
        session,
        seq,
        prevHash,
        sha256,
        utf8,
        tsUnixMs: vector.ts_unix_ms,
        salt: () => Buffer.from(salts.shift() ?? '', 'hex'),
      });
      prevHash = entry.hash;
      expect(entry.body).toBe(vector.body);
      expect(entry.hash).toBe(vector.hash);
      expect(
        entry.blobs.map((blob) => ({ hash: blob.hash, bytes: Buffer.from(blob.bytes).toString('hex') })),
      ).toEqual(vector.blobs);
    });
    expect(entries.length).toBeGreaterThan(5);
  });

  test('a sealed value appears in no envelope, and equal values look different under other salts', () => {
    const secret = { card: '4111 1111 1111 1111' };
    const sealWith = (fill: number) =>
      seal(input({ draft: proposed('c1', { args: secret }), salt: () => new Uint8Array(32).fill(fill) }));
    const [one, other] = [sealWith(1), sealWith(2)];
    expect(one.body).not.toContain('4111');
    expect(one.blobs[0]?.hash).not.toBe(other.blobs[0]?.hash);
    expect(one.envelope.payload['$sealed']).toEqual({ '/args': { h: one.blobs[0]?.hash, n: 32 + 30 } });
  });

  test('a salt of another length is refused', () => {
    const draft = proposed('c1', { args: 1 });
    expect(() => seal(input({ draft, salt: () => new Uint8Array(16) }))).toThrow(
      'a salt has 32 bytes, not 16',
    );
  });

  test.each(['', 'a b', 'a/b', 'a\n', 'ä', 'x'.repeat(129), '"', '../x'])(
    'an id %j cannot enter the ledger',
    (id) => {
      const code = { code: 'INPUT_INVALID' };
      expect(() => seal(input({ tenant: id }))).toThrow(expect.objectContaining(code));
      expect(() => seal(input({ user: id }))).toThrow(expect.objectContaining(code));
      expect(() => seal(input({ session: id }))).toThrow(expect.objectContaining(code));
      expect(() => seal(input({ draft: proposed(id) }))).toThrow(expect.objectContaining(code));
    },
  );

  test.each(['a', 'ada@example.com', 'x'.repeat(128), 'urn:agent:1', 'A-b_c.d'])('an id %j can', (id) => {
    expect(seal(input({ tenant: id, user: id, session: id })).envelope.session_id).toBe(id);
  });

  test('an envelope may have exactly the largest size, counted in bytes', () => {
    const sized = (message: string) =>
      seal(input({ draft: { type: 'ERROR_RAISED', payload: { code: 'X', message } } }));
    const frame = utf8(sized('').body).length;
    const euros = Math.floor((MAX_ENVELOPE_BYTES - frame) / 3);
    const rest = MAX_ENVELOPE_BYTES - frame - euros * 3;
    const largest = `${'€'.repeat(euros)}${'x'.repeat(rest)}`;
    expect(utf8(sized(largest).body).length).toBe(MAX_ENVELOPE_BYTES);
    expect(() => sized(`${largest}x`)).toThrow('at most 65536 bytes');
    expect(() => sized('x'.repeat(MAX_ENVELOPE_BYTES))).toThrow('at most 65536 bytes');
  });

  test.each<[string, Partial<SealInput>]>([
    ['a negative seq', { seq: -1 }],
    ['a fractional seq', { seq: 0.5 }],
    ['seq 0 with a previous hash', { prevHash: 'ab'.repeat(32) }],
    ['a later seq without one', { seq: 1 }],
    ['a time that is none', { tsUnixMs: Number.NaN }],
    ['a fractional time', { tsUnixMs: 1.5 }],
  ])('refuses %s', (_, change) => {
    expect(() => seal(input(change))).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });

  test('a draft cannot bring its own commitments', () => {
    const draft = { type: 'ERROR_RAISED', payload: { code: 'X', message: 'm', $sealed: {} } } as const;
    expect(() => seal(input({ draft }))).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});

describe('extending a stored chain', () => {
  const { entries } = new Recorder().record(started(), ...toolCall('c1'));
  const head = { nextSeq: 2, hash: entries[1]?.hash };

  test('entries that continue it are accepted', () => {
    expect(checkExtension({ nextSeq: 0, hash: undefined }, entries)).toBeUndefined();
    expect(checkExtension(head, entries.slice(2))).toBeUndefined();
  });

  test('a forked, repeated or gapped continuation is not', () => {
    const fork = new Recorder().record(started(), errorRaised(), errorRaised()).entries;
    expect(checkExtension(head, fork.slice(2))).toBe('seq 2 of session `ses_1` was sealed on another entry');
    expect(checkExtension(head, entries.slice(1))).toBe('session `ses_1` continues at seq 2, not at seq 1');
    expect(checkExtension(head, entries.slice(3))).toBe('session `ses_1` continues at seq 2, not at seq 3');
    expect(checkExtension(head, [...entries.slice(2, 3), ...entries.slice(4)])).toBe(
      'session `ses_1` continues at seq 3, not at seq 4',
    );
  });

  test('entries of two sessions are not', () => {
    const other = new Recorder('ses_2').record(started()).entries;
    expect(checkExtension({ nextSeq: 0, hash: undefined }, [...entries, ...other])).toContain(
      'different sessions',
    );
  });
});
