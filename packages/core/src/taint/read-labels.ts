import type { JsonValue } from '../model/json.ts';
import { LABEL, MAX_LABELS } from '../model/taint.ts';
import { fault, type Report, readSet, readString, type SourcePath } from '../source/report.ts';

/** Reads a list of labels, in any order. */
export function readLabels(report: Report, path: SourcePath, value: JsonValue): readonly string[] {
  const labels = readSet(report, path, value, (at, item) => {
    const label = readString(report, at, item);
    if (label === undefined || LABEL.test(label)) return label;
    return fault(report, at, 'unknown-value', `\`${label}\` is not a label`, {
      help: 'a letter from a to z, then at most 63 of a-z, 0-9, `.`, `_` and `-`',
    });
  });
  if (labels.length > MAX_LABELS) {
    fault(report, path, 'out-of-range', `there are at most ${MAX_LABELS} labels`);
  }
  return labels.toSorted();
}
