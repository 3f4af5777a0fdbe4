import type { JsonValue } from '../../model/json.ts';
import { fault, type Report, readString, type SourcePath } from '../../source/report.ts';
import { MAX_CONDITION_LENGTH, type ParsedCondition, parseCondition } from './parse-condition.ts';

/** Reads the `condition` of a rule: an expression in CEL. */
export function readCondition(
  report: Report,
  path: SourcePath,
  value: JsonValue,
): ParsedCondition | undefined {
  const text = readString(report, path, value);
  if (text === undefined) return undefined;
  if (text.trim() === '' || text.length > MAX_CONDITION_LENGTH) {
    const message = `a condition is an expression of 1 to ${MAX_CONDITION_LENGTH} characters`;
    return fault(report, path, 'bad-condition', message);
  }
  const parsed = parseCondition(text);
  if ('evaluate' in parsed) return parsed;
  const { offset, message, help } = parsed;
  return fault(report, path, 'bad-condition', `${placeIn(text, offset)} of the condition: ${message}`, {
    ...(help === undefined ? {} : { help }),
  });
}

/** The place in the expression itself: how it is quoted and indented in the file is for the file to say. */
function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  const column = `column ${(before.at(-1)?.length ?? 0) + 1}`;
  return text.includes('\n') ? `line ${before.length}, ${column}` : column;
}
