import { type ApproverRequirement, MAX_QUORUM } from '../model/approver.ts';
import type { JsonValue } from '../model/json.ts';
import {
  fault,
  type Report,
  readCount,
  readLine,
  readSet,
  readTable,
  refuseUnknownKeys,
  type SourcePath,
} from '../source/report.ts';

const MAX_NAME_LENGTH = 128;

/** Reads `approvers = { quorum = 2, roles = [...], people = [...] }`. */
export function readApprovers(
  report: Report,
  path: SourcePath,
  value: JsonValue,
): ApproverRequirement | undefined {
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, ['quorum', 'roles', 'people']);
  const names = (key: string): readonly string[] => {
    const list = table[key];
    if (list === undefined) return [];
    return readSet(report, [...path, key], list, (at, name) => readLine(report, at, name, MAX_NAME_LENGTH));
  };
  const { quorum: asked } = table;
  const quorum = asked === undefined ? 1 : readCount(report, [...path, 'quorum'], asked, MAX_QUORUM);
  const [roles, people] = [names('roles'), names('people')];
  if (quorum === undefined) return undefined;
  if (roles.length === 0 && people.length > 0 && people.length < quorum) {
    fault(report, [...path, 'quorum'], 'out-of-range', `only ${people.length} people are named`);
  }
  return { quorum, roles, people };
}
