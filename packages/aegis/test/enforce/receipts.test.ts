import { describe, expect, it } from 'vitest';
import { createHarness, reply } from './harness.ts';

describe('receipts', () => {
  const valid = () => Promise.resolve(reply({ valid: true }));

  it('promotion needs a validation of exactly this content', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    const promote = () => harness.call(session, 'promote', { key: 'a' });
    harness.contents.set('a', 'clean');

    const never = await promote();
    expect(never).toMatchObject({ kind: 'denied', denial: { code: 'PRECONDITION_FAILED' } });

    await harness.call(session, 'validate', { key: 'a' }, valid);
    harness.contents.set('a', 'changed afterwards');
    const changed = await promote();
    expect(changed).toMatchObject({ kind: 'denied', denial: { code: 'PRECONDITION_FAILED' } });

    await harness.call(session, 'validate', { key: 'a', again: true }, valid);
    expect(await promote()).toMatchObject({ kind: 'result' });
  });

  it('a receipt expires', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    harness.contents.set('a', 'clean');
    await harness.call(session, 'validate', { key: 'a' }, valid);
    harness.clock.value += 60_000;
    expect(await harness.call(session, 'promote', { key: 'a' })).toMatchObject({
      denial: { code: 'PRECONDITION_FAILED' },
    });
  });

  it('a receipt of one session is worth nothing in another', async () => {
    const harness = await createHarness();
    harness.contents.set('a', 'clean');
    await harness.call(await harness.open(), 'validate', { key: 'a' }, valid);
    expect(await harness.call(await harness.open(), 'promote', { key: 'a' })).toMatchObject({
      denial: { code: 'PRECONDITION_FAILED' },
    });
  });

  it.each([
    ['said no', () => Promise.resolve(reply({ valid: false }))],
    [
      'failed',
      () =>
        Promise.resolve({
          ...reply({ valid: true }),
          result: { isError: true, structuredContent: { valid: true } },
        }),
    ],
    ['said nothing', () => Promise.resolve({ kind: 'result', result: { content: [] }, bytes: 2 } as const)],
  ])('a validation that %s earns nothing', async (_, execute) => {
    const harness = await createHarness();
    const session = await harness.open();
    harness.contents.set('a', 'dirty');
    await harness.call(session, 'validate', { key: 'a' }, execute as () => ReturnType<typeof valid>);
    expect((await harness.events(session)).map(({ type }) => type)).not.toContain('RECEIPT_MINTED');
  });

  it('content that changes while it is validated earns nothing', async () => {
    const harness = await createHarness();
    const session = await harness.open();
    harness.contents.set('a', 'clean');
    await harness.call(session, 'validate', { key: 'a' }, () => {
      harness.contents.set('a', 'swapped under the validation');
      return valid();
    });
    expect((await harness.events(session)).map(({ type }) => type)).not.toContain('RECEIPT_MINTED');
  });
});
