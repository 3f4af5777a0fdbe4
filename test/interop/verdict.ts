import { AegisError, type Anchors, formatVerifierKey } from '@aegis/core';
import { bundleJson } from '../../packages/aegis/src/cli/ledger/bundle-json.ts';
import { verifyJoined } from '../../packages/aegis/src/bundle/join.ts';
import { verifyBundle } from '../../packages/aegis/src/bundle/verify.ts';
import type { Answerer } from './python.ts';

/** What a verifier says of a bundle, without its words: those are each verifier's own. */
export interface Verdict {
  readonly intact: boolean;
  readonly levels: Readonly<Record<string, string>>;
  /** Level, kind and place of everything that was found. */
  readonly findings: readonly string[];
  readonly findingCount: number;
  readonly events: number;
  readonly sessions: number;
  readonly trust: unknown;
}

/** A verdict, or the code of the error that came instead. */
export type Outcome = Verdict | string | undefined;

/** A report as both verifiers print it. */
interface Report {
  readonly intact: boolean;
  readonly levels: Readonly<Record<string, { readonly state: string; readonly detail: string }>>;
  readonly findings: readonly Readonly<Record<string, unknown>>[];
  readonly findingCount: number;
  readonly events: number;
  readonly sessions: number;
  readonly trust?: unknown;
}

/** Verifies a bundle with the product. */
export async function verdictOfAegis(
  folder: string,
  anchors: Anchors,
  segments: readonly string[] = [],
): Promise<Verdict> {
  const report =
    segments.length > 0 ? await verifyJoined(folder, segments, anchors) : await verifyBundle(folder, anchors);
  return verdictIn(bundleJson(folder, report) as Report);
}

/** Verifies a bundle with the second verifier. */
export async function verdictOfPython(
  answerer: Answerer,
  bundle: string,
  { keys, witnesses, older }: Anchors,
  segments: readonly string[] = [],
): Promise<Verdict> {
  const request = {
    bundle,
    older,
    segments,
    keys: keys.map(formatVerifierKey),
    witnesses: witnesses.map(formatVerifierKey),
  };
  const answer = (await answerer.ask(request)) as Report | { readonly unreadable: string };
  if ('unreadable' in answer) throw new AegisError('FILE_UNREADABLE', answer.unreadable);
  return verdictIn(answer);
}

export function verdictIn({ levels, findings, trust = null, ...report }: Report): Verdict {
  const { intact, findingCount, events, sessions } = report;
  return {
    intact,
    levels: Object.fromEntries(Object.entries(levels).map(([level, { state }]) => [level, state])),
    findings: findings.map(placeOf).toSorted(),
    findingCount,
    events,
    sessions,
    trust,
  };
}

function placeOf(finding: Readonly<Record<string, unknown>>): string {
  const { level, kind, file, line, leaf, session, seq } = finding;
  const place = Object.entries({ file, line, leaf, session, seq }).filter(([, value]) => value !== undefined);
  return [level, kind, ...place.map(([name, value]) => `${name}=${String(value)}`)].join(' ');
}
