import { describe, expect, it } from 'vitest';
import { type AlertRule, openAlerts } from '../../src/export/alert.ts';
import { callEvents, denial, MIDNIGHT, record } from './events.ts';

function alerts(rule: Omit<AlertRule, 'name'>, events = [...callEvents(), denial('no', 7)]) {
  const rendering = openAlerts({ name: 'watch', ...rule });
  return events.flatMap((event) => rendering.take(event)).map((line) => JSON.parse(line));
}

describe('an alert', () => {
  it('is about the event types that it names', () => {
    expect(alerts({ types: ['TOOL_CALL_DENIED'] })).toMatchObject([
      {
        alert: 'watch',
        count: 1,
        type: 'TOOL_CALL_DENIED',
        code: 'POLICY_DENY',
        agent: 'coder',
        position: 7,
      },
    ]);
  });

  it('is about the codes that it names', () => {
    expect(alerts({ codes: ['POLICY_DENY'] })).toHaveLength(1);
    expect(alerts({ codes: ['GUARD_SQL'] })).toEqual([]);
  });

  it('is about the rules that it names', () => {
    expect(alerts({ rules: ['reads'], types: ['POLICY_DECISION'] })).toHaveLength(1);
    expect(alerts({ rules: ['writes'] })).toEqual([]);
  });

  it('is about a threat score from a value on', () => {
    const decision = (value: number) => [
      record('POLICY_DECISION', { call_id: 'c9', score: { value, band: 'high', parts: [] } }, 1),
    ];
    expect(alerts({ score: 60 }, decision(60))).toMatchObject([{ score: 60 }]);
    expect(alerts({ score: 60 }, decision(59))).toEqual([]);
  });

  it('comes once for so many events in such a time, and then for as many anew', () => {
    const times = [0, 400, 900, 1_000, 1_100, 5_000, 9_000, 9_100, 9_200];
    const events = times.map((after, index) => denial('no', index + 1, MIDNIGHT + after));
    const rate = { count: 3, windowMs: 1_000 };
    expect(alerts({ rate }, events).map(({ position, count }) => [position, count])).toEqual([
      [3, 3],
      [9, 3],
    ]);
  });

  it('counts on where it stopped', () => {
    const rule = { name: 'watch', rate: { count: 2, windowMs: 1_000 } };
    const before = openAlerts(rule);
    expect(before.take(denial('no', 1))).toEqual([]);
    expect(openAlerts(rule, before.state()).take(denial('no', 2))).toHaveLength(1);
  });
});
