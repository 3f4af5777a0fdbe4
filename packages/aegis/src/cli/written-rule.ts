import type { CompiledPolicy } from '@aegis/core';
import type { TomlValue } from '../config/edit-toml-value.ts';

type Rule = CompiledPolicy['rules'][number];
type Condition = Rule['when'][number];
type TimeWindow = Rule['time'][number];

/** A rule in the words of a policy file; what is as it would be anyway is left out. */
export function writtenRule(rule: Rule): Readonly<Record<string, TomlValue>> {
  const { when, time, timeoutMs, maxOutputBytes } = rule;
  const limits = present({ timeout_ms: timeoutMs, max_output_bytes: maxOutputBytes });
  return present({
    name: rule.name,
    match: rule.match === '*' ? undefined : rule.match,
    action: rule.action,
    when: when.length === 0 ? undefined : Object.fromEntries(when.map((one) => [one.key, writtenTests(one)])),
    condition: rule.condition?.text,
    time: time.length === 0 ? undefined : single(time.map(writtenWindow)),
    risk: rule.risk,
    reason: rule.reason,
    log: rule.log || undefined,
    mask: some(rule.mask),
    limits: Object.keys(limits).length === 0 ? undefined : limits,
    requires: some(rule.requires),
    waive: some(rule.waive),
    labels: some(rule.labels),
    approvers: rule.approvers && writtenApprovers(rule.approvers),
    mode: rule.mode === 'enforce' ? undefined : rule.mode,
    invariant: rule.invariant || undefined,
  });
}

function writtenApprovers({ quorum, roles, people }: NonNullable<Rule['approvers']>): TomlValue {
  return present({ quorum: quorum === 1 ? undefined : quorum, roles: some(roles), people: some(people) });
}

function present(entries: Readonly<Record<string, TomlValue | undefined>>): Record<string, TomlValue> {
  const written: Record<string, TomlValue> = {};
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) written[key] = value;
  return written;
}

function some(values: readonly string[]): readonly string[] | undefined {
  return values.length === 0 ? undefined : values;
}

function single(values: readonly TomlValue[]): TomlValue {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}

function writtenTests({ tests }: Condition): TomlValue {
  const [first] = tests;
  if (first?.op === 'like') return single(first.values);
  return Object.fromEntries(tests.map((test) => [test.op, operandOf(test)]));
}

function operandOf(test: Condition['tests'][number]): TomlValue {
  switch (test.op) {
    case 'like':
    case 'in':
      return test.values;
    case 'matches':
      return test.pattern;
    case 'cidr':
      return single(test.blocks);
    case 'under':
      return single(test.roots);
    default:
      return test.value;
  }
}

const DAY_MINUTES = 24 * 60;

function writtenWindow({ from, to, days, zone }: TimeWindow): Readonly<Record<string, TomlValue>> {
  const hours = from !== 0 || to !== DAY_MINUTES || days.length === 7;
  return present({
    from: hours ? clock(from) : undefined,
    to: hours ? clock(to) : undefined,
    days: days.length === 7 ? undefined : days,
    zone,
  });
}

function clock(minutes: number): string {
  const two = (count: number): string => String(count).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
