import type { EventType } from '../model/event.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';
import { CallBook } from './call-book.ts';
import { type Facts, factsOf } from './facts.ts';
import type { Rendering } from './rendering.ts';
import { syslogLine } from './syslog.ts';
import { timestamp } from './timestamp.ts';

/** Which events somebody is told of; what is absent asks for nothing. */
export interface AlertRule {
  readonly name: string;
  readonly types?: readonly EventType[];
  /** Reason codes. */
  readonly codes?: readonly string[];
  /** Names of policy rules. */
  readonly rules?: readonly string[];
  /** The least threat score. */
  readonly score?: number;
  /** Only when so many come within so many milliseconds; then not again until as many have come anew. */
  readonly rate?: { readonly count: number; readonly windowMs: number };
}

/** What an alert looks like: a line of JSON, or a message of RFC 5424 that names it. */
export type AlertForm = 'json' | 'syslog';

/** Makes one line of every event, or every burst of events, that a rule is about. */
export function openAlerts(rule: AlertRule, state?: JsonValue, form: AlertForm = 'json'): Rendering {
  const lineOf = form === 'json' ? alertLine : syslogAlert;
  const kept = isJsonObject(state) ? state : {};
  const book = new CallBook(kept['book']);
  let times = numbersOf(kept['times']);
  return {
    take(record) {
      book.take(record.envelope);
      const facts = factsOf(record, book);
      book.leave(record.envelope);
      if (!concerns(rule, facts)) return [];
      if (rule.rate === undefined) return [lineOf(rule, facts, 1)];
      const { count, windowMs } = rule.rate;
      times = [...times.filter((time) => time > facts.atMs - windowMs), facts.atMs];
      if (times.length < count) return [];
      times = [];
      return [lineOf(rule, facts, count)];
    },
    state: () => ({ book: book.state(), times }),
  };
}

function concerns({ types, codes, rules, score }: AlertRule, facts: Facts): boolean {
  return (
    (types === undefined || types.includes(facts.type)) &&
    (codes === undefined || (facts.code !== undefined && codes.includes(facts.code))) &&
    (rules === undefined || (facts.rule !== undefined && rules.includes(facts.rule))) &&
    (score === undefined || (facts.score !== undefined && facts.score >= score))
  );
}

function alertLine({ name: alert }: AlertRule, facts: Facts, count: number): string {
  const { atMs, callId, text, ...rest } = facts;
  return JSON.stringify({ alert, count, time: timestamp(atMs), ...rest, call_id: callId, message: text });
}

function syslogAlert({ name: alert }: AlertRule, facts: Facts, count: number): string {
  return syslogLine(facts, { alert, count });
}

function numbersOf(value: JsonValue | undefined): readonly number[] {
  return Array.isArray(value) ? value.filter((item): item is number => typeof item === 'number') : [];
}
