import { formatVerifierKey } from '@aegis/core';
import type { BundleReport } from '../../keeper/verify-bundle.ts';

/** What a verification of a bundle found out, for a program. */
export function bundleJson(bundle: string, report: BundleReport): object {
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
    ...(trust === undefined
      ? {}
      : { trust: { ground: trust.ground, keys: trust.keys.map(formatVerifierKey) } }),
    seconds,
  };
}
