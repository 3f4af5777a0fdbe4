import { describe, expect, it } from 'vitest';
import { CrashBudget } from '../../src/gateway/upstream/stdio/crash-budget.ts';

describe('the budget of exits', () => {
  it('waits longer after each exit, ends, and is whole again after the window', () => {
    let now = 0;
    const budget = new CrashBudget({ maxExits: 3, windowMs: 10_000, backoffMs: 100 }, () => now);
    expect(budget.delayMs()).toBe(0);
    const delays: (number | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      budget.exited();
      delays.push(budget.delayMs());
    }
    expect(delays).toEqual([100, 200, 400, undefined]);
    now = 10_001;
    expect(budget.delayMs()).toBe(0);
  });

  it('counts the time that has gone by since the exit', () => {
    let now = 0;
    const budget = new CrashBudget({ maxExits: 3, windowMs: 10_000, backoffMs: 100 }, () => now);
    budget.exited();
    now = 60;
    expect(budget.delayMs()).toBe(40);
    now = 500;
    expect(budget.delayMs()).toBe(0);
  });
});
