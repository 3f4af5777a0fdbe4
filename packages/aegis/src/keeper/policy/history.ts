import { AegisError, type BundleSignature, type PolicyBundle } from '@aegis/core';
import {
  policiesIn,
  readActivations,
  readRecordedBundle,
  type RecordedActivation,
} from '../../enforce/policy-reading.ts';
import type { LedgerView } from '../../ledger-ports.ts';
import { sha256 } from '../../platform.ts';
import type { StoredPin } from '../../ports.ts';
import type { LedgerPlace } from '../place.ts';
import { viewingLedger } from './viewing.ts';

/** A policy that came into force. */
export interface HistoryLine {
  readonly position: number;
  readonly at_ms: number;
  readonly policy_digest: string;
  readonly fingerprint: string;
  readonly cause: string;
  readonly by: string;
  /** Where it was signed, both in base64. */
  readonly signature?: { readonly public_key: string; readonly value: string };
}

/** Every policy that came into force, oldest first. Fails with `STORE_UNAVAILABLE`. */
export function policyHistory(place: LedgerPlace): Promise<readonly HistoryLine[]> {
  return viewingLedger(place, [], historyOf);
}

async function historyOf(view: LedgerView): Promise<readonly HistoryLine[]> {
  const activations = await readActivations(view, sha256);
  return activations.map(lineOf);
}

function lineOf({ position, event: { payload, ts_unix_ms: at_ms } }: RecordedActivation): HistoryLine {
  const signature = payload['signature'] as HistoryLine['signature'];
  return {
    position,
    at_ms,
    policy_digest: String(payload['policy_digest']),
    fingerprint: String(payload['fingerprint']),
    cause: String(payload['cause']),
    by: String(payload['by']),
    ...(signature === undefined ? {} : { signature }),
  };
}

/**
 * The texts of a policy that was in force, by the beginning of its digest or of its fingerprint. Fails with
 * `INPUT_INVALID` when there is none or more than one.
 */
export async function recordedBundle(
  place: LedgerPlace,
  digest: string,
): Promise<{ readonly bundle: PolicyBundle; readonly signature?: BundleSignature }> {
  const found = await viewingLedger(place, undefined, async (view) => {
    const lines = (await historyOf(view)).filter(
      ({ policy_digest, fingerprint }) => policy_digest.startsWith(digest) || fingerprint.startsWith(digest),
    );
    const newest = lines.at(-1);
    if (newest === undefined) return undefined;
    if (lines.some(({ policy_digest }) => policy_digest !== newest.policy_digest)) {
      throw new AegisError('INPUT_INVALID', `several digests begin with \`${digest}\``);
    }
    const rows: StoredPin[] = [];
    for await (const row of view.pins()) rows.push(row);
    const recorded = policiesIn(rows).find(({ fingerprint }) => fingerprint === newest.fingerprint);
    const bundle = recorded && (await readRecordedBundle(recorded, view, sha256));
    if (bundle !== undefined) {
      const { signature } =
        lines.findLast((line) => line.signature !== undefined && sameTexts(line, newest)) ?? {};
      if (signature === undefined) return { bundle };
      return { bundle, signature: { publicKey: signature.public_key, value: signature.value } };
    }
    throw new AegisError(
      'CHAIN_BROKEN',
      `the texts of the policy \`${newest.policy_digest.slice(0, 12)}\` are gone`,
    );
  });
  if (found !== undefined) return found;
  throw new AegisError('INPUT_INVALID', `no policy with the digest \`${digest}\` was in force`, {
    help: '`aegis policy history` shows all of them',
  });
}

function sameTexts(a: HistoryLine, b: HistoryLine): boolean {
  return a.fingerprint === b.fingerprint;
}
