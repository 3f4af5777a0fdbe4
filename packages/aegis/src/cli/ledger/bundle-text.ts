import { type BundleFinding, type BundleManifest, counted, formatVerifierKey, printable } from '@aegis/core';
import type { BundleReport, JoinedSegment } from '../../keeper/verify-bundle.ts';
import type { GivenReport } from './bundle-json.ts';
import { levelTable } from './level-table.ts';

/** What a verification of a bundle found out, for a person. */
export function bundleText(report: GivenReport): string {
  const { manifest, levels, findings, findingCount, events, sessions, seconds } = report;
  const rate = seconds > 0 ? `, ${Math.round(events / seconds)} per second` : '';
  const lines = [
    ...(manifest === undefined ? [] : [`bundle of ${scopeText(manifest)}`]),
    `${counted(events, 'event')} in ${counted(sessions, 'session')} checked${rate}`,
  ];
  const wrong = findings.map((finding) => `  ${finding.kind}, ${placeIn(finding)}: ${finding.message}`);
  if (findings.length < findingCount) wrong.push(`  and ${findingCount - findings.length} more`);
  const verdict =
    findingCount === 0 ? 'bundle: INTACT' : `bundle: DAMAGED, ${counted(findingCount, 'finding')}`;
  const all = [
    ...lines.map(printable),
    levelTable(levels),
    verdict,
    ...wrong.map(printable),
    ...(report.segments ?? []).map((segment) => printable(segmentLine(segment))),
    ...trustLines(report),
  ];
  return `${all.join('\n')}\n`;
}

function segmentLine({ folder, report }: JoinedSegment): string {
  const { findingCount, events, sessions } = report;
  const held = `${counted(events, 'event')} in ${counted(sessions, 'session')}`;
  const state = findingCount === 0 ? 'INTACT' : `DAMAGED, ${counted(findingCount, 'finding')}`;
  return `segment ${folder}: ${state}, ${held}`;
}

function scopeText({ scope, tenant, size, origin }: BundleManifest): string {
  const log = `of tenant ${tenant}, the log ${origin} with ${size} leaves`;
  switch (scope.kind) {
    case 'all':
      return `everything ${log}`;
    case 'session':
      return `session ${scope.session} ${log}`;
    case 'range':
      return `${day(scope.from_ms)} to ${day(scope.to_ms)} ${log}`;
    case 'segment':
      return `archived segment ${scope.segment}, before ${day(scope.before_ms)}, ${log}`;
  }
}

function day(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}

function placeIn({ file, line, leaf, session, seq }: BundleFinding): string {
  const parts = [
    file,
    line === undefined ? undefined : `line ${line}`,
    leaf === undefined ? undefined : `leaf ${leaf}`,
    session === undefined ? undefined : `session ${session}${seq === undefined ? '' : ` seq ${seq}`}`,
  ];
  return parts.filter((part) => part !== undefined).join(' ') || 'the whole bundle';
}

/** SECURITY: a bundle that brings its own keys proves nothing about who wrote it, and a person has to be told. */
function trustLines({ trust, manifest, findingCount }: BundleReport): string[] {
  if (trust?.ground !== 'first_use' || manifest === undefined || findingCount > 0) return [];
  const keys = trust.keys.filter(({ name }) => name === manifest.origin).map(formatVerifierKey);
  return [
    'the key is the one in the bundle; it proves the rest when it is the right one. Compare it, or give it with --key:',
    ...keys.map((key) => `  ${printable(key)}`),
  ];
}
