import { RISKS } from '../../model/capability.ts';
import type { Effect } from '../../model/decision.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';
import type { SourceNode } from '../../source/node.ts';
import {
  fault,
  type Report,
  readList,
  readString,
  readTable,
  readWord,
  refuseUnknownKeys,
  type SourcePath,
} from '../../source/report.ts';
import { isTimeZone } from '../time-window.ts';
import { translateConditions } from './approval-conditions.ts';
import type { Zone } from './approval-time.ts';
import type { Translation, TranslatedEntry } from './translation.ts';

/** Top-level keys of a policy that says of each rule who approves: nobody, a person, or nobody ever. */
export const APPROVAL_KEYS: readonly string[] = ['version', 'timezone', 'defaults', 'rules'];

const APPROVALS = ['auto', 'approve', 'block'] as const;
type Approval = (typeof APPROVALS)[number];

const ACTION_OF: Readonly<Record<Approval, Effect>> = {
  auto: 'allow',
  approve: 'require_approval',
  block: 'deny',
};

/** Reads `rules` in their order, and `defaults` as the last of them. */
export function readApprovalRules(
  report: Report,
  table: JsonObject,
  translation: Translation,
): readonly SourceNode[] {
  const { version, timezone, rules: listed = [], defaults } = table;
  if (version !== undefined && version !== '1' && version !== 1) {
    fault(report, ['version'], 'unknown-value', `unknown version \`${String(version)}\``, {
      help: 'version `1` is read',
    });
  }
  const zone = timezone === undefined ? undefined : readZone(report, timezone);
  const rules = (readList(report, ['rules'], listed) ?? []).flatMap((rule, index) =>
    keep(readRule(report, ['rules', index], rule, translation, zone)),
  );
  if (zone !== undefined && !zone.used) {
    fault(report, ['timezone'], 'no-effect', 'no rule has a time', { what: 'key' });
  }
  return defaults === undefined ? rules : [...rules, ...keep(readDefaults(report, defaults, translation))];
}

function keep(rule: SourceNode | undefined): readonly SourceNode[] {
  return rule === undefined ? [] : [rule];
}

/** Checked here, once: each rule that has a time of its own would blame it again. */
function readZone(report: Report, value: JsonValue): Zone | undefined {
  const name = readString(report, ['timezone'], value);
  if (name !== undefined && !isTimeZone(name)) {
    fault(report, ['timezone'], 'unknown-value', `unknown time zone \`${name}\``, {
      help: 'name one of the IANA database, like `UTC` or `Europe/Zurich`',
    });
  }
  return { name: name ?? 'UTC', path: ['timezone'], used: false };
}

function readRule(
  report: Report,
  path: SourcePath,
  value: JsonValue,
  translation: Translation,
  zone: Zone | undefined,
): SourceNode | undefined {
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, ['name', 'match', 'conditions', 'risk_level', 'approval']);
  const { name, match, conditions: asked } = table;
  const matched = match === undefined ? [] : readMatch(report, [...path, 'match'], match, translation);
  const conditions =
    asked === undefined
      ? undefined
      : translateConditions(report, [...path, 'conditions'], asked, translation, zone);
  const when = [...matched, ...(conditions?.when ?? [])];
  const verdict = readVerdict(report, path, table, translation);
  return (
    verdict &&
    translation.table(
      [
        ['name', name === undefined ? undefined : translation.copy(name, [...path, 'name'])],
        ...verdict,
        ['when', when.length === 0 ? undefined : translation.table(when, path)],
        ['time', conditions?.time],
      ],
      path,
    )
  );
}

function readDefaults(report: Report, value: JsonValue, translation: Translation): SourceNode | undefined {
  const path = ['defaults'];
  const table = readTable(report, path, value);
  if (table === undefined) return undefined;
  refuseUnknownKeys(report, path, table, ['risk_level', 'approval']);
  const verdict = readVerdict(report, path, table, translation);
  return verdict && translation.table([['name', translation.scalar('defaults', path)], ...verdict], path);
}

/** What a rule says of the calls that it matches: of tools alone, and `approve` where it does not say. */
function readVerdict(
  report: Report,
  path: SourcePath,
  { risk_level: level, approval: word }: JsonObject,
  translation: Translation,
): readonly TranslatedEntry[] | undefined {
  const approvalAt = [...path, 'approval'];
  const riskAt = [...path, 'risk_level'];
  const approval = word === undefined ? 'approve' : readWord(report, approvalAt, word, APPROVALS);
  const risk = level === undefined ? undefined : readWord(report, riskAt, level, RISKS);
  if (approval === undefined) return undefined;
  // What is blocked has no risk that anything could ask about.
  const weighed = risk !== undefined && approval !== 'block';
  return [
    ['match', translation.scalar('tools/call', path)],
    ['action', translation.scalar(ACTION_OF[approval], approvalAt)],
    ['risk', weighed ? translation.scalar(risk, riskAt) : undefined],
  ];
}

const FACT_OF = { type: 'tool_name', target: 'server' } as const;

function readMatch(
  report: Report,
  path: SourcePath,
  value: JsonValue,
  translation: Translation,
): readonly TranslatedEntry[] {
  const table = readTable(report, path, value);
  if (table === undefined) return [];
  refuseUnknownKeys(report, path, table, Object.keys(FACT_OF));
  return Object.entries(FACT_OF).flatMap(([key, fact]): readonly TranslatedEntry[] => {
    const at = [...path, key];
    const written = table[key];
    const glob = written === undefined ? undefined : readString(report, at, written);
    if (glob === undefined || glob === '*') return [];
    // SECURITY: read as plain text, a set of characters would match no name and block nothing.
    if (/[[\]\\]/.test(glob)) {
      return (
        fault(report, at, 'bad-pattern', `\`${glob}\` has more than \`*\` and \`?\` in it`, {
          help: 'write a rule for each of the names',
        }) ?? []
      );
    }
    return [[fact, translation.scalar(glob, at), at]];
  });
}
