import type { JsonValue } from '../../model/json.ts';
import type { SourceNode } from '../../source/node.ts';
import { fault, type Report, readTable, refuseUnknownKeys, type SourcePath } from '../../source/report.ts';
import type { ValueTest } from '../rule.ts';
import { TIME_KEYS, translateTime, type Zone } from './approval-time.ts';
import type { Translation, TranslatedEntry } from './translation.ts';

/** What each condition on parameters asks. */
const OPERATOR_OF: Readonly<Record<string, ValueTest['op']>> = {
  param_eq: 'eq',
  param_ne: 'ne',
  param_gt: 'gt',
  param_gte: 'gte',
  param_lt: 'lt',
  param_lte: 'lte',
  param_contains: 'contains',
  param_matches: 'matches',
};

/** Reads `conditions`, all of which must hold: entries of `when`, and a window of time. */
export function translateConditions(
  report: Report,
  path: SourcePath,
  value: JsonValue,
  translation: Translation,
  zone: Zone | undefined,
): { readonly when: readonly TranslatedEntry[]; readonly time: SourceNode | undefined } | undefined {
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, [...TIME_KEYS, ...Object.keys(OPERATOR_OF)]);
  const parameters = new Map<string, TranslatedEntry[]>();
  for (const [key, operator] of Object.entries(OPERATOR_OF)) {
    const asked = table[key];
    if (asked === undefined) continue;
    for (const [name, operand, at] of readParameters(report, [...path, key], asked)) {
      const tests = parameters.get(name) ?? [];
      parameters.set(name, tests);
      tests.push([operator, translation.copy(operand, at), at]);
    }
  }
  const when = [...parameters].map(
    ([name, tests]): TranslatedEntry => [
      `args.${name}`,
      translation.table(tests, tests[0]?.[2] ?? path),
      tests[0]?.[2] ?? path,
    ],
  );
  return { when, time: translateTime(report, path, table, translation, zone) };
}

type Parameter = readonly [name: string, operand: JsonValue, path: SourcePath];

function readParameters(report: Report, path: SourcePath, value: JsonValue): readonly Parameter[] {
  const entries = Object.entries(readTable(report, path, value) ?? { '': null });
  if (entries.length === 0) fault(report, path, 'no-effect', 'no parameter is named');
  return entries.flatMap(([name, operand]): readonly Parameter[] => {
    const at = [...path, name];
    if (name === '') return [];
    // SECURITY: here a name is one key, and the native `args.a.b` is a key inside another.
    if (!name.includes('.')) return [[name, operand, at]];
    return (
      fault(report, at, 'bad-key', `\`${name}\` is not the name of a parameter`, {
        what: 'key',
        help: 'a value inside another is asked for in a native rule, as `args.options.depth`',
      }) ?? []
    );
  });
}
