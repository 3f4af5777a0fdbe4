import {
  bundleFingerprint,
  canonicalJson,
  type Envelope,
  type PolicyBundle,
  parseExact,
  readDocument,
  readPolicyBundle,
  type Sha256,
} from '@aegis/core';
import type { StoredPin } from '../ports.ts';
import { type SealedSource, sealedValue, verifiedEvents } from './verified-events.ts';

/** Where the ledger speaks of one policy. */
export interface RecordedPolicy {
  readonly fingerprint: string;
  /** Position of the event beside which its texts are sealed. */
  readonly bundleAt: number;
  /** Position of the event by which it last came into force. */
  readonly newest: number;
}

/** The policies among what a store keeps of pins; the last one is in force. */
export function policiesIn(rows: readonly StoredPin[]): readonly RecordedPolicy[] {
  return rows
    .flatMap(({ key, pinned, newest }): RecordedPolicy[] => {
      const parsed = parseExact(key);
      if (!parsed.ok || !Array.isArray(parsed.value) || pinned === undefined) return [];
      const [server, kind, fingerprint] = parsed.value as unknown[];
      if (server !== 'aegis' || kind !== 'policy' || typeof fingerprint !== 'string') return [];
      return [{ fingerprint, bundleAt: pinned, newest }];
    })
    .toSorted((a, b) => a.newest - b.newest);
}

/**
 * The texts of a policy; undefined when they are gone or others.
 *
 * SECURITY: the event is read with the chain of its session up to it, and the texts are those that the
 * fingerprint in it stands for.
 */
export async function readRecordedBundle(
  { fingerprint, bundleAt }: Pick<RecordedPolicy, 'fingerprint' | 'bundleAt'>,
  source: SealedSource,
  sha256: Sha256,
): Promise<PolicyBundle | undefined> {
  const event = (await verifiedEvents(new Set([bundleAt]), source, sha256)).get(bundleAt);
  if (event?.event_type !== 'POLICY_ACTIVATED') return undefined;
  const value = await sealedValue({ event, position: bundleAt, at: '/bundle' }, source, sha256);
  if (value === undefined) return undefined;
  const document = readDocument({ text: canonicalJson(value), file: 'bundle.json' });
  const { bundle } = readPolicyBundle(document);
  return bundle !== undefined && bundleFingerprint(bundle, sha256) === fingerprint ? bundle : undefined;
}

/** An activation as the ledger has it. */
export interface RecordedActivation {
  readonly position: number;
  readonly event: Envelope;
}

const ACTIVATION = '{"event_type":"POLICY_ACTIVATED",';

/** Every activation in order, as far as the chains of their sessions hold. */
export async function readActivations(
  source: Pick<SealedSource, 'entries' | 'session'>,
  sha256: Sha256,
): Promise<readonly RecordedActivation[]> {
  const positions = new Set<number>();
  for await (const { position, body } of source.entries()) {
    // The canonical form has this member first: nothing else has to be read of the others.
    if (body.startsWith(ACTIVATION)) positions.add(position);
  }
  const events = await verifiedEvents(positions, source, sha256);
  return [...events]
    .map(([position, event]) => ({ position, event }))
    .sort((a, b) => a.position - b.position);
}
