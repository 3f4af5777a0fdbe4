import type { JsonValue } from '../model/json.ts';
import { quote } from './quote.ts';
import { argumentAt, type ConditionInput, factValues } from './condition.ts';
import { describe } from '../source/report.ts';
import type { Condition, Scalar, ValueTest } from './rule.ts';

/** What a condition asks for: `/etc/*`, `gt 1000`, `under /data`. */
export function wantedText({ tests }: Condition): string {
  return tests.map(testText).join(' and ');
}

function testText(test: ValueTest): string {
  switch (test.op) {
    case 'like':
      return either(test.values);
    case 'in':
      return `in ${either(test.values)}`;
    case 'matches':
      return `matches ${quoted(test.pattern)}`;
    case 'exists':
      return test.value ? 'present' : 'absent';
    case 'cidr':
      return `in ${either(test.blocks)}`;
    case 'under':
      return `under ${either(test.roots)}`;
    default:
      return `${test.op} ${quoted(test.value)}`;
  }
}

/**
 * What a call has where a condition looks.
 *
 * SECURITY: texts of arguments are not repeated, they can be secrets; the facts that the kernel
 * established are.
 */
export function foundText({ subject }: Condition, input: ConditionInput): string {
  if (subject.kind === 'argument') return argumentText(argumentAt(input.request.args, subject.path));
  const values = factValues(subject.key, input);
  return values.length === 0 ? 'absent' : values.map(quoted).join(', ');
}

function argumentText(value: JsonValue | undefined): string {
  if (value === undefined) return 'absent';
  return typeof value === 'number' || typeof value === 'boolean' ? quoted(value) : describe(value);
}

/** Alternatives, each in quotes. */
export function either(values: readonly Scalar[]): string {
  return values.map(quoted).join(' or ');
}

function quoted(value: Scalar): string {
  return quote(String(value));
}
