import type { SecretReference } from '../../ports.ts';
import type { ConfiguredValue } from './parties.ts';
import type { Role } from '@aegis/core';

/** A person who may use the API. */
export interface ConfiguredPerson {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Undefined: every tenant. */
  readonly tenant: string | undefined;
  /** Where the token is kept, or its SHA-256 digest in hex. */
  readonly credential: SecretReference | { readonly sha256: string };
}

/** Who may approve. */
export interface ConfiguredApprover {
  readonly name: string;
  /** Account of the operating system. */
  readonly account: string;
  readonly roles: readonly string[];
  /** What the person types on a page. */
  readonly key?: SecretReference;
}

/** Who is told of each question. */
export type ConfiguredChannel = { readonly kind: 'desktop' } | ConfiguredReceiver;

/** Where questions are posted. */
export interface ConfiguredReceiver {
  readonly kind: 'webhook' | 'slack';
  readonly url: ConfiguredValue;
  /** Of a webhook: what it is signed with. */
  readonly secret?: SecretReference;
  readonly person?: string;
}

export interface ConfiguredApprovals {
  readonly waitMs: number;
  readonly expiresMs: number;
  readonly quorum: number;
  readonly elicitation: 'url' | 'form' | 'off';
  /** Empty: whoever has an account here. */
  readonly approvers: readonly ConfiguredApprover[];
  readonly channels: readonly ConfiguredChannel[];
}
