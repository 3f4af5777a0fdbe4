import type { Obligations } from '../model/decision.ts';
import { joinLabels } from '../taint/labels.ts';
import type { Rule } from './rule.ts';
import { masksOf } from './personal-guard.ts';
import type { PolicySettings } from './settings.ts';

/** What every call is held to. */
export function baseObligations({ limits, guards }: PolicySettings): Obligations {
  return { mask: masksOf(guards), timeoutMs: limits.timeoutMs, maxOutputBytes: limits.maxOutputBytes };
}

/** The stricter of both in everything: all masks, the smallest limits. */
export function withObligations(
  base: Obligations,
  more: Pick<Rule, 'mask' | 'timeoutMs' | 'maxOutputBytes'> & Partial<Pick<Rule, 'labels'>>,
): Obligations {
  const labels = joinLabels(base.labels ?? [], more.labels ?? []);
  const { mask, timeoutMs = base.timeoutMs, maxOutputBytes = base.maxOutputBytes } = more;
  return {
    mask: mask.length === 0 ? base.mask : [...new Set([...base.mask, ...mask])],
    timeoutMs: Math.min(base.timeoutMs, timeoutMs),
    maxOutputBytes: Math.min(base.maxOutputBytes, maxOutputBytes),
    ...(labels.length === 0 ? {} : { labels }),
  };
}

/** The stricter of two that are in force. */
export function bothObligations(a: Obligations, b: Obligations): Obligations {
  const labels = joinLabels(a.labels ?? [], b.labels ?? []);
  return {
    mask: [...new Set([...a.mask, ...b.mask])],
    timeoutMs: Math.min(a.timeoutMs, b.timeoutMs),
    maxOutputBytes: Math.min(a.maxOutputBytes, b.maxOutputBytes),
    ...(labels.length === 0 ? {} : { labels }),
  };
}
