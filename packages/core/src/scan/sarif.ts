import { assertNever } from '../errors.ts';
import type { Severity } from '../model/finding.ts';
import type { JsonObject } from '../model/json.ts';
import type { ScanFinding } from './finding.ts';
import { SCAN_RULES } from './rules/rules.ts';

/**
 * Findings as a log of the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0). The same findings give
 * the same log, without times and without absolute paths.
 */
export function sarifLog(findings: readonly ScanFinding[], version: string): JsonObject {
  const used = SCAN_RULES.filter(({ id }) => findings.some(({ rule }) => rule === id));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'aegis scan',
            version,
            rules: used.map(({ id, severity, title, why }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: why },
              defaultConfiguration: { level: levelOf(severity) },
              properties: { 'security-severity': SCORES[severity], tags: ['security'] },
            })),
          },
        },
        // Columns count what JavaScript does (SARIF 2.1.0, section 3.14.17).
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) =>
          resultOf(
            finding,
            used.findIndex(({ id }) => id === finding.rule),
          ),
        ),
      },
    ],
  };
}

function resultOf(finding: ScanFinding, ruleIndex: number): JsonObject {
  const { rule, severity, message, file, line, column, endLine, endColumn } = finding;
  return {
    ruleId: rule,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: levelOf(severity),
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file), uriBaseId: '%SRCROOT%' },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
    properties: { severity },
  };
}

/** A relative reference (RFC 3986): each segment by itself, so that no colon makes a scheme of it. */
function uriOf(file: string): string {
  return file
    .replaceAll(/\p{Surrogate}/gu, '\uFFFD')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
}

/** What code hosts rank security findings by, from 0 to 10. */
const SCORES: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '0.0',
};

function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  switch (severity) {
    case 'critical':
    case 'high':
      return 'error';
    case 'medium':
      return 'warning';
    case 'low':
    case 'info':
      return 'note';
    default:
      return assertNever(severity);
  }
}
