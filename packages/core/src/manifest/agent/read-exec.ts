import type { JsonValue } from '../../model/json.ts';
import type { TextTest } from '../../policy/glob.ts';
import { compilePattern, MAX_MATCHED_LENGTH } from '../../policy/pattern.ts';
import { quote } from '../../policy/quote.ts';
import {
  fault,
  type Report,
  readLine,
  readSet,
  readTable,
  refuseUnknownKeys,
  type SourcePath,
} from '../../source/report.ts';
import type { AgentExec } from './manifest.ts';

const MAX_BIN = 256;
const MAX_PATTERN = 1024;

/** Reads `permissions.exec`; undefined where there is none, and then no program may run. */
export function readExec(
  report: Report,
  path: SourcePath,
  value: JsonValue | undefined,
): AgentExec | undefined {
  const table = value === undefined ? undefined : readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, ['allowed_bins', 'arg_patterns']);
  const { allowed_bins: bins = [], arg_patterns: patterns } = table;
  const at = [...path, 'arg_patterns'];
  const allowedBins = new Set(
    readSet(report, [...path, 'allowed_bins'], bins, (p, v) => readBin(report, p, v)),
  );
  if (patterns === undefined) return { allowedBins };
  const argPatterns: TextTest[] = [];
  readSet(report, at, patterns, (p, v) => {
    const text = readLine(report, p, v, MAX_PATTERN);
    const test = text === undefined ? undefined : readPattern(report, p, text);
    if (test !== undefined) argPatterns.push(test);
    return text;
  });
  return { allowedBins, argPatterns };
}

function readBin(report: Report, path: SourcePath, value: JsonValue): string | undefined {
  const bin = readLine(report, path, value, MAX_BIN);
  if (bin === undefined || !/[/\\\s*?]/.test(bin)) return bin;
  return fault(report, path, 'bad-text', `${quote(bin)} is not the name of a program`, {
    help: 'name it without its folder, like `git`',
  });
}

/** SECURITY: anchored at both ends: a pattern that only occurs in the arguments would allow everything around it. */
function readPattern(report: Report, path: SourcePath, text: string): TextTest | undefined {
  // Alone first: what is no pattern by itself could close the group that anchors it.
  const alone = compilePattern(text);
  const compiled = typeof alone === 'string' ? alone : compilePattern(`^(?:${text})$`);
  if (typeof compiled !== 'string') {
    return (given) => given.length <= MAX_MATCHED_LENGTH && compiled(given);
  }
  return fault(report, path, 'bad-pattern', `the pattern does not compile: ${compiled}`, {
    help: 'patterns are RE2: no backreferences and no look-around',
  });
}
