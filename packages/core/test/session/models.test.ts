import { describe, expect, test } from 'vitest';
import { spentOnModels } from '../../src/budget/model-budget.ts';
import { modelBudgetOf } from '../../src/decide/agent-phase.ts';
import { nearlySpent } from '../../src/budget/warning.ts';
import type { EventDraft } from '../../src/model/event.ts';
import { MAX_MODELS } from '../../src/session/snapshot.ts';
import { DEFAULT_SETTINGS } from '../../src/policy/settings.ts';
import * as d from '../ledger/drafts.ts';
import { Recorder } from '../ledger/recorder.ts';
import { call } from '../policy/call.ts';

const begun = (id: string, model: string): EventDraft => ({
  type: 'MODEL_CALL_STARTED',
  payload: { model_call_id: id, model },
});
const ended = (id: string, input: number, output: number): EventDraft => ({
  type: 'MODEL_CALL_FINISHED',
  payload: { model_call_id: id, outcome: 'completed', input_tokens: input, output_tokens: output },
});

const after = (...drafts: readonly EventDraft[]) => new Recorder().record(d.started(), ...drafts).snapshot;

describe('calls of models', () => {
  test('are counted when they begin, and their tokens by model when they end', () => {
    const snapshot = after(begun('a', 'small'), begun('b', 'large'), ended('a', 10, 5), ended('b', 100, 50));
    expect(snapshot).toMatchObject({
      modelCalls: 2,
      openModels: [],
      modelUsage: [
        { model: 'small', inputTokens: 10, outputTokens: 5 },
        { model: 'large', inputTokens: 100, outputTokens: 50 },
      ],
    });
  });

  test('whose begin was not reported are counted all the same, for a model that nobody knows', () => {
    expect(after(ended('a', 10, 5))).toMatchObject({ modelCalls: 1, modelUsage: [{ model: 'unknown' }] });
  });

  test('of more models than are told apart lose no token', () => {
    const drafts = Array.from({ length: MAX_MODELS + 5 }, (_, n) => [
      begun(`c${n}`, `m${n}`),
      ended(`c${n}`, 1, 1),
    ]);
    const { modelUsage } = after(...drafts.flat());
    expect(modelUsage).toHaveLength(MAX_MODELS + 1);
    expect(modelUsage.reduce((sum, one) => sum + one.inputTokens, 0)).toBe(MAX_MODELS + 5);
  });
});

describe('a budget for models', () => {
  const spent = (usage: readonly [string, number, number][], modelCalls = usage.length) => ({
    modelCalls,
    modelUsage: usage.map(([model, inputTokens, outputTokens]) => ({ model, inputTokens, outputTokens })),
  });

  test('of N calls allows exactly N', () => {
    expect(spentOnModels({ maxCalls: 2, prices: [] }, spent([], 1))).toBeUndefined();
    expect(spentOnModels({ maxCalls: 2, prices: [] }, spent([], 2))).toBe('all 2 calls of models');
  });

  test('of tokens counts input and output together', () => {
    const usage = spent([['a', 60, 40]]);
    expect(spentOnModels({ maxTokens: 101, prices: [] }, usage)).toBeUndefined();
    expect(spentOnModels({ maxTokens: 100, prices: [] }, usage)).toBe('all 100 tokens');
  });

  test('of money counts by the first price that fits, and takes nothing for free', () => {
    const prices = [
      { model: 'large-*', input: 10, output: 50 },
      { model: '*-1', input: 1, output: 1 },
    ];
    const usage = spent([['large-1', 100_000, 20_000]]);
    expect(spentOnModels({ maxCost: 2.01, prices }, usage)).toBeUndefined();
    expect(spentOnModels({ maxCost: 2, prices }, usage)).toBe('its 2 for models');
    expect(spentOnModels({ maxCost: 2, prices }, spent([['other', 1, 1]]))).toContain('has no price');
  });
});

describe('the manifest of an agent', () => {
  const granted = (maxModelCalls: number) =>
    ({ budgets: { maxModelCalls } }) as unknown as NonNullable<Parameters<typeof modelBudgetOf>[1]>;

  test('can allow fewer calls of models than the configuration, and never more', () => {
    expect(modelBudgetOf(undefined, granted(3))).toEqual({ maxCalls: 3, prices: [] });
    expect(modelBudgetOf({ maxCalls: 2, maxTokens: 9, prices: [] }, granted(3))).toEqual({
      maxCalls: 2,
      maxTokens: 9,
      prices: [],
    });
    expect(modelBudgetOf({ maxCalls: 2, prices: [] }, 'nothing')).toEqual({ maxCalls: 2, prices: [] });
    expect(modelBudgetOf(undefined, undefined)).toBeUndefined();
  });
});

describe('the warning before a limit', () => {
  test('names the limits of which four fifths are spent, and what is left of each', () => {
    const { request, snapshot } = call();
    const warned = (more: Partial<typeof snapshot>) =>
      nearlySpent(DEFAULT_SETTINGS, { request, snapshot: { ...snapshot, ...more }, agent: undefined });
    expect(warned({ steps: 19, toolCalls: 9 })).toBeUndefined();
    expect(warned({ steps: 20, toolCalls: 10 })).toEqual({ max_steps: 4, max_tool_calls: 2 });
    expect(warned({ startedAtMs: request.nowMs - 100_000 })).toEqual({ max_wall_time_ms: 20_000 });
  });
});
