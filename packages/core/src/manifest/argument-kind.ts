import type { JsonValue } from '../model/json.ts';
import { fault, type Report, readString, type SourcePath } from '../source/report.ts';
import { didYouMean } from '../source/suggest.ts';
import { type ArgumentKind, SQL_DIALECTS } from './manifest.ts';

const PLAIN = ['shell', 'path', 'url', 'host', 'sql-value', 'shell-value', 'id', 'text'] as const;
const SPELLINGS = [...PLAIN, ...SQL_DIALECTS.map((dialect) => `sql(${dialect})`)];

/** Reads what an argument is: `shell`, `path`, `sql-value`, `text`, `sql(postgresql)` and so on. */
export function readArgumentKind(
  report: Report,
  path: SourcePath,
  value: JsonValue,
): ArgumentKind | undefined {
  const text = readString(report, path, value);
  if (text === undefined) return undefined;
  const plain = PLAIN.find((kind) => kind === text);
  if (plain !== undefined) return { kind: plain };
  const dialect = SQL_DIALECTS.find((name) => `sql(${name})` === text);
  if (dialect !== undefined) return { kind: 'sql', dialect };
  return fault(report, path, 'unknown-value', `unknown kind of argument \`${text}\``, {
    help: didYouMean(text, SPELLINGS),
  });
}
