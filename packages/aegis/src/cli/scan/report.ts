import { type Reach, type ScanFinding, SCAN_RULES, SEVERITIES, type Severity } from '@aegis/core';
import { visible } from '../tools/visible.ts';

/** What was scanned, for a person or a program. */
export interface Scanned {
  readonly findings: readonly ScanFinding[];
  /** Of a folder alone. */
  readonly reach?: Reach;
  readonly skipped?: readonly string[];
  /** How much was looked at: `12 files`. */
  readonly size: string;
}

/** The findings with what each means, what the sources reach, and how many there are of each severity. */
export function asText({ findings, reach, skipped = [], size }: Scanned): string {
  const lines: string[] = [];
  const told = new Set<string>();
  for (const { rule, severity, message, file, line, column } of findings) {
    lines.push(`${severity.padEnd(8)}  ${visible(file)}:${line}:${column}  ${visible(message)}  [${rule}]`);
    const why = SCAN_RULES.find(({ id }) => id === rule)?.why;
    if (why !== undefined && !told.has(rule)) lines.push(`          ${why}`);
    told.add(rule);
  }
  if (reach !== undefined) {
    const reached = Object.entries(WORDS).flatMap(([key, words]) => {
      const names = reach[key as keyof Reach];
      return names.length === 0 ? [] : [`  ${words.padEnd(14)}  ${names.map(visible).join(', ')}`];
    });
    if (reached.length > 0)
      lines.push(...(lines.length > 0 ? [''] : []), 'what it reaches, as far as its text says', ...reached);
  }
  if (skipped.length > 0) lines.push('', `not read: ${skipped.map(visible).join(', ')}`);
  lines.push('', `${size}: ${countsOf(findings)}`);
  return `${lines.join('\n').trimStart()}\n`;
}

const WORDS: Readonly<Record<keyof Reach, string>> = {
  hosts: 'hosts',
  namedHosts: 'also names',
  reads: 'reads',
  writes: 'writes',
  variables: 'environment',
  programs: 'programs',
  tools: 'tools',
};

function countsOf(findings: readonly ScanFinding[]): string {
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return counts.join(', ') || 'nothing found';
}

/** The same for a program, in wire names. */
export function asJson(scanned: Scanned): string {
  const { findings, reach, skipped } = scanned;
  const listed = findings.map(({ endLine, endColumn, ...finding }) =>
    Object.assign(finding, { end_line: endLine, end_column: endColumn }),
  );
  return `${JSON.stringify({
    findings: listed,
    ...(reach === undefined ? {} : { reach: wireReach(reach) }),
    ...(skipped === undefined ? {} : { skipped }),
  })}\n`;
}

function wireReach({ namedHosts, ...reach }: Reach) {
  return { ...reach, named_hosts: namedHosts };
}

/** Whether something is at least as severe as `least`. */
export function reaches(findings: readonly ScanFinding[], least: Severity): boolean {
  return findings.some(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least));
}
