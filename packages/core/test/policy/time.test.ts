import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../src/decide/explain.ts';
import { mayAllow } from '../../src/decide/may-allow.ts';
import { decide } from '../../src/decide.ts';
import type { JsonObject, JsonValue } from '../../src/model/json.ts';
import { WEEKDAYS, wallClock } from '../../src/policy/time-window.ts';
import { ALLOW_ALL, call, compileText, policyOf } from './call.ts';

/** Whether a call is let through at an instant (ISO 8601) by a rule that allows within the windows. */
function open(time: JsonValue, instant: string): boolean {
  const policy = policyOf([{ name: 'office', action: 'allow', time }]);
  return decide(policy, call({ nowMs: Date.parse(instant) })).effect === 'allow';
}

const NIGHT: JsonObject = { from: '22:00', to: '06:00', zone: 'Europe/Zurich' };

describe('an agent that runs at three in the morning', () => {
  const policy = policyOf([{ name: 'not-at-night', action: 'deny', time: NIGHT }, ALLOW_ALL]);
  const at = (instant: string) => decide(policy, call({ nowMs: Date.parse(instant) }));

  it('is denied, and told when it may come back', () => {
    const { effect, rule, reasons } = at('2026-11-24T03:00:00+01:00');
    expect([effect, rule]).toEqual(['deny', 'not-at-night']);
    expect(reasons[0]?.remedy).toBe('try again outside of 22:00 to 06:00 in Europe/Zurich');
  });

  it.each([
    ['21:59:59.999', 'allow'],
    ['22:00', 'deny'],
    ['05:59:59.999', 'deny'],
    ['06:00', 'allow'],
    ['12:00', 'allow'],
  ])('and at %s on the wall: %s', (clock, effect) => {
    expect(at(`2026-11-24T${clock}+01:00`).effect).toBe(effect);
  });

  it('is told by the explanation what the clock shows', () => {
    const line = explain(policy, call({ nowMs: Date.parse('2026-11-24T12:05:00+01:00') })).rules[0];
    expect(line?.why).toBe(
      'it is `tue 12:05 in Europe/Zurich`; the rule asks for `22:00 to 06:00 in Europe/Zurich`',
    );
  });

  it('still sees the tools: a list is made at one time and used at another', () => {
    const { request, server } = call();
    const { resource, subject } = request;
    const closed = policyOf([{ name: 'r', action: 'deny', time: NIGHT }, ALLOW_ALL]);
    expect(mayAllow(closed, { method: 'tools/call', resource, subject, server })).toBe(true);
    const always = policyOf([{ name: 'r', action: 'deny' }, ALLOW_ALL]);
    expect(mayAllow(always, { method: 'tools/call', resource, subject, server })).toBe(false);
  });
});

describe('a window past midnight', () => {
  const friday: JsonObject = { from: '22:00', to: '02:00', days: ['fri'], zone: 'Asia/Tokyo' };

  it.each([
    ['2026-11-27T21:59+09:00', false, 'friday, before it'],
    ['2026-11-27T22:00+09:00', true, 'friday'],
    ['2026-11-28T01:59+09:00', true, 'saturday, of which the night began on friday'],
    ['2026-11-28T02:00+09:00', false, 'saturday, after it'],
    ['2026-11-28T22:30+09:00', false, 'saturday'],
    ['2026-11-27T01:00+09:00', false, 'friday, of which the night began on thursday'],
  ])('belongs to the day on which it began: %s %s (%s)', (instant, wanted) => {
    expect(open(friday, instant)).toBe(wanted);
  });
});

describe('clocks that are set', () => {
  const early = (zone: string): JsonObject => ({ from: '02:00', to: '03:00', zone });

  it.each([
    // Zone, an instant in UTC, whether it is between two and three on the wall.
    ['Europe/Zurich', '2026-03-28T01:30Z', true, 'the day before'],
    ['Europe/Zurich', '2026-03-29T00:59Z', false, 'a minute before the hour that is left out'],
    ['Europe/Zurich', '2026-03-29T01:00Z', false, 'three already'],
    ['Europe/Zurich', '2026-03-29T01:30Z', false, 'half past three'],
    ['Europe/Zurich', '2026-10-25T00:30Z', true, 'half past two, the first time'],
    ['Europe/Zurich', '2026-10-25T01:30Z', true, 'half past two, the second time'],
    ['Europe/Zurich', '2026-10-25T02:00Z', false, 'three'],
    ['America/New_York', '2026-03-08T07:00Z', false, 'three already'],
    ['America/New_York', '2026-03-08T06:59Z', false, 'a minute before two'],
    ['America/New_York', '2026-11-01T06:59Z', false, 'one, the second time'],
    ['America/New_York', '2026-11-01T07:30Z', true, 'half past two'],
    ['Australia/Lord_Howe', '2026-10-03T15:45Z', true, 'clocks go on by half an hour: a quarter to three'],
    ['Australia/Lord_Howe', '2026-10-03T15:29Z', false, 'a minute before two'],
    ['Australia/Lord_Howe', '2026-04-04T15:15Z', false, 'a quarter to two, the second time'],
    ['Australia/Lord_Howe', '2026-04-04T15:30Z', true, 'two'],
  ])('%s at %s: %s (%s)', (zone, instant, wanted) => {
    expect(open(early(zone), instant)).toBe(wanted);
  });

  it('are what the platform says they are, at any time in any zone', () => {
    const zones = ['UTC', 'Europe/Zurich', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2040, 0) }),
        (zone, unixMs) => {
          const parts = new Intl.DateTimeFormat('en-GB', {
            timeZone: zone,
            weekday: 'short',
            hour: '2-digit',
            minute: '2-digit',
            hourCycle: 'h23',
          }).format(unixMs);
          const { weekday, minute } = wallClock(zone)(unixMs);
          const two = (count: number): string => String(count).padStart(2, '0');
          const clock = `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
          expect(parts.toLowerCase().replace(/[ ,]+/g, ' ')).toBe(`${WEEKDAYS[weekday]} ${clock}`);
        },
      ),
    );
  });
});

describe('a policy with windows', () => {
  it('lets through when one of several is open', () => {
    const time = [
      { days: ['sat', 'sun'], zone: 'UTC' },
      { from: '08:00', to: '18:00', zone: 'UTC' },
    ];
    const week = ['2026-11-21T23:00Z', '2026-11-23T23:00Z', '2026-11-23T09:00Z'];
    expect(week.map((instant) => open(time, instant))).toEqual([true, false, true]);
  });

  it('has another digest with other windows', () => {
    const digest = (time: JsonObject) => policyOf([{ ...ALLOW_ALL, time }]).digest;
    expect(digest({ ...NIGHT, to: '06:01' })).not.toBe(digest(NIGHT));
  });

  it.each([
    ['{ from = "08:00", to = "18:00" }', 'a window needs `zone`'],
    ['{ zone = "UTC" }', 'a window needs hours or days'],
    ['{ from = "8:00", zone = "UTC" }', '`8:00` is not a time of day'],
    ['{ from = "24:00", zone = "UTC" }', '`24:00` is not a time of day'],
    ['{ to = "24:01", zone = "UTC" }', '`24:01` is not a time of day'],
    ['{ from = "08:00", to = "08:00", zone = "UTC" }', 'the window is never open'],
    ['{ days = [], zone = "UTC" }', 'a window without days is never open'],
    ['{ days = ["monday"], zone = "UTC" }', 'unknown days `monday`'],
    ['{ days = ["mon", "mon"], zone = "UTC" }', '`mon` is listed twice'],
    ['{ from = "08:00", zone = "Mars/Olympus" }', 'unknown time zone `Mars/Olympus`'],
    ['{ from = "08:00", zone = "UTC", until = "x" }', 'unknown key `until`'],
    ['[]', '`time` must have 1 to 32 windows'],
    ['5', '`time` must be a table, not a number'],
  ])('refuses time = %s', (written, message) => {
    const { policy, diagnostics } = compileText(
      `[[policies]]\nname = "r"\naction = "deny"\ntime = ${written}\n`,
    );
    expect([policy, diagnostics.map((found) => found.message)]).toEqual([undefined, [message]]);
  });
});
