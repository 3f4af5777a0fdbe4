import { type Risk, RISKS } from '../model/capability.ts';
import { type Effect, EFFECTS, type Mode, MODES } from '../model/decision.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import { readCondition } from './cel/read-condition.ts';
import { MAX_PATTERN_LENGTH, parseGlob } from './glob.ts';
import type { WhenContext } from './read-tests.ts';
import { readApprovers } from './read-approvers.ts';
import { readLabels } from '../taint/read-labels.ts';
import { readTime } from './read-time.ts';
import { readWhen } from './read-when.ts';
import {
  fault,
  type Report,
  readBoolean,
  readCount,
  readLine,
  readSet,
  readString,
  readTable,
  readWord,
  refuseUnknownKeys,
  type SourcePath,
} from '../source/report.ts';
import { MASK_KINDS, type MaskKind, type Rule } from './rule.ts';

const MAX_NAME_LENGTH = 128;
const MAX_REASON_LENGTH = 1000;
const MAX_TIMEOUT_MS = 3_600_000;
const MAX_OUTPUT_BYTES = 1_073_741_824;
const FINDING_ID = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)+$/;

/** The keys that a rule can have. */
export const RULE_KEYS = [
  'name',
  'match',
  'action',
  'when',
  'condition',
  'time',
  'risk',
  'reason',
  'log',
  'mask',
  'limits',
  'requires',
  'waive',
  'labels',
  'approvers',
  'mode',
  'invariant',
] as const;

/** Most rules have most lists empty. */
const NONE: readonly never[] = Object.freeze([]);

/** Reads one rule; undefined when something is wrong with it, which the report then says. */
export function readRule(
  report: Report,
  path: SourcePath,
  value: JsonValue,
  context: WhenContext,
): Rule | undefined {
  const before = report.diagnostics.length;
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, RULE_KEYS);
  const field = <T>(key: string, read: Read<T>): T | undefined => {
    const present = table[key];
    return present === undefined ? undefined : read(report, [...path, key], present);
  };
  const required = <T>(key: string, read: Read<T>): T | undefined =>
    key in table ? field(key, read) : fault(report, path, 'missing-key', `a rule needs \`${key}\``);

  const name = required('name', readName);
  const action = required('action', readAction);
  const { when: asked } = table;
  const limits = field('limits', readLimits);
  const log = field('log', readBoolean);
  const rule = {
    name: name ?? '',
    match: field('match', readMethod) ?? '*',
    action: action ?? 'deny',
    when: asked === undefined ? NONE : readWhen(report, [...path, 'when'], asked, context),
    condition: field('condition', readCondition),
    time: field('time', readTime) ?? NONE,
    risk: field('risk', readRisk),
    reason: field('reason', readReason),
    log: log ?? false,
    mask: field('mask', readMasks) ?? NONE,
    timeoutMs: limits?.timeoutMs,
    maxOutputBytes: limits?.maxOutputBytes,
    requires: field('requires', readNames) ?? NONE,
    waive: field('waive', readFindingIds) ?? NONE,
    labels: field('labels', readLabels) ?? NONE,
    approvers: field('approvers', readApprovers),
    mode: field('mode', readMode) ?? 'enforce',
    invariant: field('invariant', readBoolean) ?? false,
    at: report.document.positionOf(path),
  };
  if (action === undefined || name === undefined) return undefined;
  refuseContradictions(report, path, table, rule, log);
  return report.diagnostics.length === before ? rule : undefined;
}

// One function for each key, made once: thousands of rules have few keys each.
type Read<T> = (report: Report, path: SourcePath, value: JsonValue) => T | undefined;

const readName: Read<string> = (report, path, value) => readLine(report, path, value, MAX_NAME_LENGTH);
const readReason: Read<string> = (report, path, value) => readLine(report, path, value, MAX_REASON_LENGTH);
const readAction: Read<Effect> = (report, path, value) => readWord(report, path, value, EFFECTS);
const readRisk: Read<Risk> = (report, path, value) => readWord(report, path, value, RISKS);
const readMode: Read<Mode> = (report, path, value) => readWord(report, path, value, MODES);
const readNames: Read<readonly string[]> = (report, path, value) =>
  readSet(report, path, value, (at, name) => readName(report, at, name));
const readMasks: Read<readonly MaskKind[]> = (report, path, value) =>
  readSet(report, path, value, (at, kind) => readWord(report, at, kind, MASK_KINDS));
const readFindingIds: Read<readonly string[]> = (report, path, value) =>
  readSet(report, path, value, (at, id) => readFindingId(report, at, id));

function readMethod(report: Report, path: SourcePath, value: JsonValue): string | undefined {
  const glob = readString(report, path, value);
  if (glob === undefined) return undefined;
  if (glob !== '' && glob.length <= MAX_PATTERN_LENGTH && parseGlob(glob) !== undefined) return glob;
  return fault(report, path, 'bad-pattern', `\`${glob}\` is not a glob on a method`);
}

function readFindingId(report: Report, path: SourcePath, value: JsonValue): string | undefined {
  const id = readString(report, path, value);
  if (id === undefined || FINDING_ID.test(id)) return id;
  return fault(report, path, 'unknown-value', `\`${id}\` is not the id of a finding`, {
    help: 'an id looks like `sql.unparsable`',
  });
}

function readLimits(
  report: Report,
  path: SourcePath,
  value: JsonValue,
): { timeoutMs: number | undefined; maxOutputBytes: number | undefined } | undefined {
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, ['timeout_ms', 'max_output_bytes']);
  const count = (key: string, most: number): number | undefined => {
    const present = table[key];
    return present === undefined ? undefined : readCount(report, [...path, key], present, most);
  };
  return {
    timeoutMs: count('timeout_ms', MAX_TIMEOUT_MS),
    maxOutputBytes: count('max_output_bytes', MAX_OUTPUT_BYTES),
  };
}

/** Refuses what contradicts itself and what would have no effect: nobody should believe in it. */
function refuseContradictions(
  report: Report,
  path: SourcePath,
  table: JsonObject,
  rule: Rule,
  log: boolean | undefined,
): void {
  const refused = new Set<string>();
  const refuse = (key: string, message: string, help?: string): void => {
    if (!(key in table) || refused.has(key)) return;
    refused.add(key);
    fault(report, [...path, key], 'no-effect', message, {
      what: 'key',
      ...(help === undefined ? {} : { help }),
    });
  };
  if (rule.invariant) {
    // INVARIANT: an invariant can only tighten, and nothing can switch it off.
    if (rule.action === 'allow') {
      fault(report, [...path, 'action'], 'invariant-loosens', 'an invariant cannot allow', {
        help: 'use `deny` or `require_approval`, or `audit` to attach `mask`, `limits`, `requires` or `log`',
      });
    }
    if (rule.mode === 'shadow') {
      fault(report, [...path, 'mode'], 'invariant-loosens', 'an invariant cannot be in shadow');
    }
    if ('waive' in table) {
      refused.add('waive');
      fault(report, [...path, 'waive'], 'invariant-loosens', 'an invariant cannot waive a finding', {
        what: 'key',
      });
    }
    refuse(
      'risk',
      '`risk` has no effect on an invariant',
      'it belongs to the rule that lets the call through',
    );
  }
  if (rule.action === 'deny') {
    for (const key of ['mask', 'limits', 'requires', 'waive', 'labels', 'risk']) {
      refuse(key, `\`${key}\` has no effect on a rule that denies`);
    }
  }
  if (rule.action === 'audit' && log === false) {
    refuse('log', '`audit` always logs', 'use `allow` to let calls through without a mark');
  }
  if (rule.action !== 'require_approval') {
    refuse('approvers', '`approvers` has an effect with `require_approval` alone');
  }
  if (rule.mode === 'shadow') {
    for (const key of ['mask', 'limits', 'requires', 'waive', 'labels', 'risk', 'log', 'approvers']) {
      refuse(key, `\`${key}\` has no effect on a rule in shadow`);
    }
  }
}
