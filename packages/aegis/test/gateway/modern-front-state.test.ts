import { describe, expect, it } from 'vitest';
import { modernGateway } from './modern-gateway.ts';
import { type Answer, ask, type Headers } from './modern-requests.ts';
import { confirmed, meta, pay, recorded, stateOf, textOf } from './paid-calls.ts';
import { gateway, library, statelessBehind } from './stateless-gateway.ts';

statelessBehind();

describe('a request state', () => {
  /** What came of an attempt. */
  async function attempt(act: () => Promise<Answer>): Promise<object> {
    const sent = library.bodies.length;
    let answer: Answer | undefined;
    const events = await recorded(async () => {
      answer = await act();
    });
    return {
      error: answer?.json.error?.code,
      code: answer?.json.error?.data?.['code'],
      sent: library.bodies.length - sent,
      records: events.filter(({ type }) => type.endsWith('_DENIED')).length,
    };
  }
  // SECURITY: refused before the server hears of it, with one record.
  const REFUSED = { error: -32602, code: 'PROTOCOL_VIOLATION', sent: 0, records: 1 };
  const retry = (amount: number, requestState: string, headers: Headers = {}) =>
    pay(amount, { requestState, inputResponses: confirmed }, headers);

  it('cannot be used twice', async () => {
    const state = stateOf(await pay(10));
    expect(textOf(await retry(10, state))).toContain('paid 10');
    expect(await attempt(() => retry(10, state))).toEqual(REFUSED);
  });

  it('cannot be used twice at the same time', async () => {
    const state = stateOf(await pay(11));
    const answers = await Promise.all(Array.from({ length: 5 }, () => retry(11, state)));
    expect(answers.filter((answer) => textOf(answer) !== undefined)).toHaveLength(1);
  });

  it('cannot be used for other arguments', async () => {
    const state = stateOf(await pay(12));
    expect(await attempt(() => retry(1_000_000, state))).toEqual(REFUSED);
  });

  it('cannot be used for another tool', async () => {
    const state = stateOf(await pay(13));
    const params = { name: 'spy', arguments: { amount: 13 }, requestState: state, inputResponses: confirmed };
    expect(await attempt(() => ask(gateway.url, 'tools/call', params, { meta }))).toEqual(REFUSED);
  });

  it('cannot be used for another method', async () => {
    const state = stateOf(await pay(14));
    const params = { name: 'pay', arguments: { amount: 14 }, requestState: state };
    expect(await attempt(() => ask(gateway.url, 'prompts/get', params, { meta }))).toEqual(REFUSED);
  });

  it('cannot be used by another agent', async () => {
    const state = stateOf(await pay(15));
    await pay(15, {}, { Authorization: 'Bearer mallory' });
    expect(await attempt(() => retry(15, state, { Authorization: 'Bearer mallory' }))).toEqual(REFUSED);
  });

  it('cannot be used in another run', async () => {
    const state = stateOf(await pay(16));
    await pay(16, {}, { 'Aegis-Run': 'other' });
    expect(await attempt(() => retry(16, state, { 'Aegis-Run': 'other' }))).toEqual(REFUSED);
  });

  it('cannot be changed, in any of its bytes', async () => {
    const state = stateOf(await pay(17));
    const bytes = Buffer.from(state, 'base64url');
    for (const at of [0, 11, 12, 27, 28, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 1;
      expect(await attempt(() => retry(17, changed.toString('base64url')))).toEqual(REFUSED);
    }
    for (const changed of [
      '',
      'x',
      `${state}A`,
      `${state}-TAMPERED`,
      ` ${state}`,
      `${state}=`,
      'x'.repeat(100_000),
    ]) {
      expect(await attempt(() => retry(17, changed))).toEqual(REFUSED);
    }
    expect(textOf(await retry(17, state))).toContain('paid 17');
  });

  it('is worth nothing to another process', async () => {
    const other = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }]);
    const state = stateOf(await pay(18, {}, {}, other));
    await pay(18);
    expect(await attempt(() => retry(18, state))).toEqual(REFUSED);
    await other.close();
  });

  it('is good for a time', async () => {
    const hasty = await modernGateway([{ name: 'stateless', url: library.url, era: 'modern' }], {
      limits: { answerMs: 50 },
    });
    const requestState = stateOf(await pay(19, {}, {}, hasty));
    await new Promise((resolve) => setTimeout(resolve, 80));
    const { json } = await pay(19, { requestState, inputResponses: confirmed }, {}, hasty);
    expect(json.error).toMatchObject({ code: -32602 });
    await hasty.close();
  });
});
