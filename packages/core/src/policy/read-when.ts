import type { JsonValue } from '../model/json.ts';
import { suggest, editDistance } from '../source/suggest.ts';
import { readTests, type WhenContext } from './read-tests.ts';
import { fault, type Report, readTable, type SourcePath } from '../source/report.ts';
import { type Condition, type ConditionSubject, FACT_KEYS, type FactKey } from './rule.ts';

const MAX_ARGUMENT_DEPTH = 16;

/** Letters that a mistyped fact may differ in. */
const MISTYPED = 2;

/** Names that people try. */
const NOT_FACTS: Readonly<Record<string, string>> = {
  time: '`time` stands beside `when`, not in it',
  tool: 'did you mean `tool_name`?',
};

/** Reads `when`; what could not be read is reported and left out. */
export function readWhen(
  report: Report,
  path: SourcePath,
  value: JsonValue,
  context: WhenContext,
): readonly Condition[] {
  const table = readTable(report, path, value);
  if (table === undefined) return [];
  const conditions: Condition[] = [];
  const add = (at: SourcePath, subject: ConditionSubject | undefined, wanted: JsonValue): void => {
    if (subject === undefined) return;
    const key = keyOf(subject);
    if (conditions.some((condition) => condition.key === key)) {
      fault(report, at, 'duplicate-key', `\`${key}\` is asked twice`, { what: 'key' });
      return;
    }
    const tests = readTests(report, at, subject, wanted, context);
    if (tests !== undefined) conditions.push({ key, subject, tests });
  };
  for (const key of Object.keys(table)) {
    const wanted = table[key] as JsonValue;
    const at = [...path, key];
    if (key !== 'args') {
      const known = context.subjects.get(key);
      const subject = known ?? readSubject(report, at, key);
      if (known === undefined && subject !== undefined) context.subjects.set(key, subject);
      add(at, subject, wanted);
      continue;
    }
    // TOML writes `args.amount = 5` inside an inline table as a table named `args`.
    for (const [name, inner] of Object.entries(readTable(report, at, wanted) ?? {})) {
      const argument = [...at, name];
      add(argument, readArgument(report, argument, name), inner);
    }
  }
  return conditions;
}

function keyOf(subject: ConditionSubject): string {
  return subject.kind === 'fact' ? subject.key : `args.${subject.path.join('.')}`;
}

function readSubject(report: Report, at: SourcePath, key: string): ConditionSubject | undefined {
  if ((FACT_KEYS as readonly string[]).includes(key)) return { kind: 'fact', key: key as FactKey };
  if (key.startsWith('args.')) return readArgument(report, at, key.slice('args.'.length));
  const argument = `an argument of that name is written \`args.${key}\``;
  const unknown = (help: string): undefined =>
    fault(report, at, 'unknown-condition', `unknown condition \`${key}\``, { what: 'key', help });
  if (Object.hasOwn(NOT_FACTS, key)) return unknown(`${NOT_FACTS[key]}; ${argument}`);
  // SECURITY: a mistyped fact must not pass for an argument that no call ever has.
  const near = suggest(
    key,
    FACT_KEYS.filter(({ length }) => Math.abs(length - key.length) <= MISTYPED),
  );
  if (near !== undefined && editDistance(key.toLowerCase(), near) <= MISTYPED) {
    return unknown(`did you mean \`${near}\`? ${argument}`);
  }
  return readArgument(report, at, key);
}

function readArgument(report: Report, at: SourcePath, dotted: string): ConditionSubject | undefined {
  const path = dotted.split('.');
  if (path.length > MAX_ARGUMENT_DEPTH || path.includes('') || path.includes('__proto__')) {
    return fault(report, at, 'unknown-condition', `\`${dotted}\` is not the path of an argument`, {
      what: 'key',
      help: 'an argument path looks like `args.options.depth`',
    });
  }
  return { kind: 'argument', path };
}
