import {
  type ActivationCause,
  type BundleSignature,
  bundleValue,
  type EventDraft,
  type PolicyBundle,
} from '@aegis/core';
import type { StoredPin } from '../ports.ts';
import type { Caller } from './door.ts';
import { OwnSession } from './own-session.ts';
import { policiesIn, type RecordedPolicy } from './policy-reading.ts';
import type { SessionPorts } from './session.ts';

/** A policy that comes into force. */
export interface Activation {
  /** What its decisions carry. */
  readonly policyDigest: string;
  readonly bundle: PolicyBundle;
  readonly fingerprint: string;
  readonly signature?: BundleSignature | undefined;
  readonly cause: ActivationCause;
  readonly by: string;
}

/** The record of which policy was in force when, with the texts of each. */
export class PolicyLedger {
  readonly #ports: SessionPorts;
  readonly #session: OwnSession;

  constructor(ports: SessionPorts, policyDigest: () => string, caller?: Caller) {
    this.#ports = ports;
    this.#session = new OwnSession(ports, policyDigest, caller);
  }

  /**
   * Makes it durable that a policy comes into force; nothing is written when it is the newest one already.
   * Rejects with `STORE_UNAVAILABLE`.
   */
  async activate(activation: Activation): Promise<void> {
    const write = async (): Promise<void> => {
      const policies = await this.#recorded();
      if (policies.at(-1)?.fingerprint === activation.fingerprint) return;
      await this.#session.record([activated(activation, policies)]);
    };
    // Another process that records the same texts in the same moment is first: then they are known.
    await write().catch(write);
  }

  /** Makes it durable that something was not taken, or did not work. Rejects with `STORE_UNAVAILABLE`. */
  failed(code: string, message: string): Promise<void> {
    return this.#session.record([{ type: 'ERROR_RAISED', payload: { code, message } }]);
  }

  /** Ends the session, where one was opened. Never rejects. */
  close(cause: string): Promise<void> {
    return this.#session.close(cause);
  }

  async #recorded(): Promise<readonly RecordedPolicy[]> {
    const rows: StoredPin[] = [];
    for await (const row of this.#ports.store.pins()) rows.push(row);
    return policiesIn(rows);
  }
}

function activated(
  { policyDigest, bundle, fingerprint, signature, cause, by }: Activation,
  policies: readonly RecordedPolicy[],
): EventDraft {
  const known = policies.some((policy) => policy.fingerprint === fingerprint);
  const previous = policies.at(-1)?.fingerprint;
  return {
    type: 'POLICY_ACTIVATED',
    payload: {
      policy_digest: policyDigest,
      fingerprint,
      known,
      ...(previous === undefined ? {} : { previous }),
      cause,
      by,
      ...(signature === undefined
        ? {}
        : { signature: { public_key: signature.publicKey, value: signature.value } }),
    },
    ...(known ? {} : { sealed: { bundle: bundleValue(bundle) } }),
  };
}
