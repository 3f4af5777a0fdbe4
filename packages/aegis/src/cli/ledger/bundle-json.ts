import { formatVerifierKey } from '@aegis/core';
import type { BundleReport, JoinedSegment } from '../../keeper/verify-bundle.ts';

/** Of a bundle, with the archived segments that were given with it. */
export type GivenReport = BundleReport & { readonly segments?: readonly JoinedSegment[] };

/** What a verification of a bundle found out, for a program. */
export function bundleJson(bundle: string, report: GivenReport): object {
  const { manifest, levels, findings, findingCount, events, sessions, trust, seconds } = report;
  const { tenant, origin, size, root, scope } = manifest ?? {};
  return {
    intact: findingCount === 0,
    bundle,
    bundle_sha256: report.sha256,
    tenant,
    origin,
    size,
    root,
    scope,
    events,
    sessions,
    levels,
    findings,
    findingCount,
    ...(report.segments === undefined ? {} : { segments: report.segments.map(segmentJson) }),
    ...(trust === undefined
      ? {}
      : { trust: { ground: trust.ground, keys: trust.keys.map(formatVerifierKey) } }),
    seconds,
  };
}

function segmentJson({ folder, report }: JoinedSegment): object {
  const { manifest, sha256, findings, findingCount, events, sessions } = report;
  const segment = manifest?.scope.kind === 'segment' ? manifest.scope.segment : undefined;
  return {
    bundle: folder,
    bundle_sha256: sha256,
    segment,
    intact: findingCount === 0,
    events,
    sessions,
    findings,
    findingCount,
  };
}
