import type { EventDraft } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { SignInRecord } from '../../src/identity/sign-in-record.ts';
import type { SignedInPerson } from '../../src/ports.ts';

const ANN: SignedInPerson = { name: 'ann', roles: ['admin'], tenant: undefined, may: new Set() };

function started(write?: () => Promise<void>) {
  const clock = { at: 1_000, now: () => clock.at };
  const written: EventDraft[] = [];
  const record = new SignInRecord(
    clock,
    write ??
      (async (drafts) => {
        written.push(...drafts);
      }),
  );
  return { clock, written, record };
}

describe('the record of who signs in', () => {
  it('has one event for a visit, and another from another place and after a quarter of an hour', async () => {
    const { clock, written, record } = started();
    for (let n = 0; n < 5; n++) await record.signedIn(ANN, '10.0.0.1');
    await record.signedIn(ANN, '10.0.0.2');
    expect(written).toHaveLength(2);
    expect(written[0]).toEqual({
      type: 'PERSON_SIGNED_IN',
      payload: { person: 'ann', roles: ['admin'], source: '10.0.0.1' },
    });
    clock.at += 15 * 60_000;
    await record.signedIn({ ...ANN, tenant: 'acme' }, '10.0.0.1');
    expect(written[2]?.payload).toMatchObject({ tenant: 'acme' });
  });

  it('lets nobody in who cannot be recorded, and tries again', async () => {
    let broken = true;
    const { record } = started(async () => {
      if (broken) throw new Error('the disk is full');
    });
    await expect(record.signedIn(ANN, '10.0.0.1')).rejects.toThrow('the disk is full');
    await expect(record.signedIn(ANN, '10.0.0.1')).rejects.toThrow('the disk is full');
    broken = false;
    await expect(record.signedIn(ANN, '10.0.0.1')).resolves.toBeUndefined();
  });
});

describe('the record of who fails to', () => {
  it('has one event for all failures of a place', async () => {
    const { clock, written, record } = started();
    for (let n = 0; n < 1_000; n++) {
      clock.at++;
      record.refused('10.0.0.1', n === 9 ? 99_000 : undefined);
    }
    await record.flush();
    expect(written).toEqual([
      {
        type: 'SIGN_IN_REFUSED',
        payload: {
          source: '10.0.0.1',
          failures: 1_000,
          first_ms: 1_001,
          last_ms: 2_000,
          locked_until_ms: 99_000,
        },
      },
    ]);
  });

  it('is not filled by failures from a hundred thousand places', async () => {
    const { written, record } = started();
    record.refused('10.0.0.1', undefined);
    record.refused('10.0.0.1', undefined);
    for (let n = 0; n < 100_000; n++) record.refused(`s${n}`, undefined);
    await record.flush();
    expect(written).toHaveLength(17);
    expect(written[0]?.payload).toMatchObject({ source: '10.0.0.1', failures: 2 });
    expect(written.at(-1)?.payload['source']).toBeUndefined();
    const total = written.reduce((sum, { payload }) => sum + Number(payload['failures']), 0);
    expect(total).toBe(100_002);
    await record.flush();
    expect(written).toHaveLength(17);
  });

  it('that cannot be written holds nobody up', async () => {
    const { record } = started(() => Promise.reject(new Error('the disk is full')));
    record.refused('10.0.0.1', undefined);
    await expect(record.flush()).resolves.toBeUndefined();
  });
});
