import type { JsonObject } from '@aegis/core';
import type { Denial, Verdicted } from '../../enforce/door.ts';
import type { Trial } from '../ports.ts';
import type { Started } from './actions.ts';

// What an agent's own code is told, in wire names: the same over HTTP and in one process.

export type WireStarted =
  | {
      readonly status: 'allowed';
      readonly action: string;
      readonly params: JsonObject;
      readonly timeout_ms: number;
      readonly max_output_bytes: number;
    }
  | { readonly status: 'denied'; readonly denial: Denial };

export function wireOfStarted(started: Started): WireStarted {
  if (started.kind === 'denied') return { status: 'denied', denial: started.denial };
  const { id, params, timeoutMs, maxOutputBytes } = started;
  return { status: 'allowed', action: id, params, timeout_ms: timeoutMs, max_output_bytes: maxOutputBytes };
}

export type WireOutcome =
  | { readonly status: 'recorded'; readonly result: JsonObject }
  | { readonly status: 'failed'; readonly error: string }
  | { readonly status: 'withheld'; readonly denial: Denial };

export function wireOfVerdict(verdict: Verdicted): WireOutcome {
  switch (verdict.kind) {
    case 'result':
      return { status: 'recorded', result: verdict.result };
    case 'upstream_error':
      return { status: 'failed', error: verdict.message };
    case 'denied':
      return { status: 'withheld', denial: verdict.denial };
  }
}

export interface WireTrial {
  readonly effect: 'allow' | 'require_approval' | 'deny';
  readonly mode: 'enforce' | 'shadow';
  readonly rule?: string;
  readonly reasons: readonly { readonly code: string; readonly phase: string; readonly message: string }[];
  readonly policy_digest: string;
  readonly finding_ids: readonly string[];
}

export function wireOfTrial({ effect, mode, rule, reasons, policyDigest, findingIds }: Trial): WireTrial {
  return {
    effect,
    mode,
    ...(rule === undefined ? {} : { rule }),
    reasons,
    policy_digest: policyDigest,
    finding_ids: findingIds,
  };
}
