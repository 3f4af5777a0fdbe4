import { describe, expect, it } from 'vitest';
import { createHarness } from './harness.ts';

const begun = (id: string) =>
  ({ type: 'MODEL_CALL_STARTED', payload: { model_call_id: id, model: 'large' } }) as const;

describe('a budget for calls of models', () => {
  it('takes exactly so many reports, and then neither a further one nor an action', async () => {
    const harness = await createHarness({ settings: { models: { maxCalls: 2, prices: [] } } });
    const session = await harness.open();
    expect(await harness.kernel.report(session, begun('a'))).toBeUndefined();
    expect(await harness.call(session, 'slow')).toMatchObject({ kind: 'result' });
    expect(await harness.kernel.report(session, begun('b'))).toBeUndefined();
    expect(await harness.kernel.report(session, begun('c'))).toBe(
      'the session has used all 2 calls of models',
    );
    expect(await harness.call(session, 'slow')).toMatchObject({
      denial: { code: 'BUDGET_EXCEEDED', message: 'the session has used all 2 calls of models' },
    });
  });
});

describe('an answer', () => {
  it('says in its metadata what is left of a limit that is nearly spent', async () => {
    const harness = await createHarness({ limits: { maxToolCalls: 5, maxSteps: 100 } });
    const session = await harness.open();
    const metas: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      const answer = await harness.call(session, 'slow', { n });
      metas.push(answer.kind === 'result' ? answer.result['_meta'] : answer.kind);
    }
    const left = (count: number) => ({ 'aegis/limits': { left: { max_tool_calls: count } } });
    expect(metas).toEqual([undefined, undefined, undefined, left(1), left(0)]);
  });
});
