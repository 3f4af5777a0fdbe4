import type { Obligations } from '../model/decision.ts';
import type { Rule } from './rule.ts';
import type { PolicySettings } from './settings.ts';

/** What every call is held to. */
export function baseObligations({ limits }: PolicySettings): Obligations {
  return { mask: [], timeoutMs: limits.timeoutMs, maxOutputBytes: limits.maxOutputBytes };
}

/** The stricter of both in everything: all masks, the smallest limits. */
export function withObligations(
  base: Obligations,
  more: Pick<Rule, 'mask' | 'timeoutMs' | 'maxOutputBytes'>,
): Obligations {
  const { mask, timeoutMs = base.timeoutMs, maxOutputBytes = base.maxOutputBytes } = more;
  return {
    mask: mask.length === 0 ? base.mask : [...new Set([...base.mask, ...mask])],
    timeoutMs: Math.min(base.timeoutMs, timeoutMs),
    maxOutputBytes: Math.min(base.maxOutputBytes, maxOutputBytes),
  };
}
