import type { ShellParser } from '../inspect/shell/tree.ts';
import { SEVERITIES, type Severity } from '../model/finding.ts';
import { printable } from '../printable.ts';
import { lineIndex } from '../source/line-index.ts';
import type { ScannedEntry } from './entry.ts';
import type { ScanFinding } from './finding.ts';
import { languageOf } from './language.ts';
import { type Reach, reachOf } from './reach.ts';
import type { Hit, ScanRule } from './rule.ts';
import { entryHit } from './rules/entries.ts';
import { SOURCE_RULES } from './rules/rules.ts';
import { type Source, sourcesOf } from './source.ts';

/** What a scan of a folder came to. */
export interface ScanReport {
  /** The most severe first, then by file and line. */
  readonly findings: readonly ScanFinding[];
  readonly reach: Reach;
  /** How many files were read, and how many there are in a language that is not. */
  readonly read: number;
  readonly passed: number;
}

/** Findings of one rule in one file that are told. */
const MOST_OF_RULE = 20;

/** Looks for bad patterns in the files of a skill or a server. Nothing in them is run. Never throws for what they hold. */
export function scanEntries(entries: readonly ScannedEntry[], parseShell: ShellParser): ScanReport {
  const findings: ScanFinding[] = [];
  const sources: Source[] = [];
  const skill = entries.some(({ path }) => /(?:^|\/)SKILL\.md$/i.test(path));
  let read = 0;
  let passed = 0;
  for (const entry of entries) {
    if (entry.kind !== 'text') {
      findings.push({ ...entryHit(entry), file: entry.path, ...WHOLE });
      continue;
    }
    const language = languageOf(entry.path, entry.text);
    if (language === undefined) {
      passed++;
      continue;
    }
    read++;
    const own = sourcesOf(entry, language, skill, parseShell);
    sources.push(...own);
    findings.push(...findingsOf(entry.text, own));
  }
  return { findings: findings.toSorted(bySeverity), reach: reachOf(sources), read, passed };
}

const WHOLE = { line: 1, column: 1, endLine: 1, endColumn: 1 } as const;

function findingsOf(text: string, sources: readonly Source[]): readonly ScanFinding[] {
  const place = lineIndex(text);
  const findings = new Map<string, ScanFinding>();
  for (const rule of SOURCE_RULES) {
    let count = 0;
    for (const source of sources) {
      for (const hit of rule.find(source)) {
        const from = place(source.offset + hit.start);
        const key = `${rule.id} ${from.line}`;
        if (findings.has(key) || count >= MOST_OF_RULE) continue;
        count++;
        const to = place(source.offset + Math.max(hit.start, hit.end));
        findings.set(key, {
          rule: rule.id,
          severity: severityOf(rule, hit, source),
          message: printable(hit.message),
          file: source.file,
          line: from.line,
          column: from.column,
          endLine: to.line,
          endColumn: to.column,
          ...(hit.capability === undefined ? {} : { capability: hit.capability }),
        });
      }
    }
  }
  return [...findings.values()];
}

/** What stands in a document for people is an example until somebody does it. */
function severityOf({ severity: own }: ScanRule, { severity = own }: Hit, { role }: Source): Severity {
  return role === 'documentation' && rank(severity) > rank('medium') ? 'medium' : severity;
}

function rank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

function bySeverity(a: ScanFinding, b: ScanFinding): number {
  return (
    rank(b.severity) - rank(a.severity) ||
    (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
    a.line - b.line ||
    a.column - b.column
  );
}
