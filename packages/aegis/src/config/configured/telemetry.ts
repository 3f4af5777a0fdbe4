import type { SecretReference } from '../../ports.ts';
import type { ConfiguredValue } from './parties.ts';
import type { AlertRule, ExportFormat } from '@aegis/core';

/** Where what is followed goes; paths are absolute. */
export type ConfiguredDestination =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'desktop' }
  | {
      readonly kind: 'syslog';
      readonly transport: 'tls' | 'tcp' | 'udp';
      readonly host: string;
      readonly port: number;
      /** The file of the certificates that are believed; absent: those of the system. */
      readonly ca?: string;
      readonly attempts: number;
      readonly deadLetters: string;
    }
  | {
      readonly kind: 'url';
      readonly url: ConfiguredValue;
      readonly headers: Readonly<Record<string, ConfiguredValue>>;
      readonly attempts: number;
      readonly deadLetters: string;
      /** What posts are signed with. */
      readonly secret?: SecretReference;
    };

export interface ConfiguredFollower {
  readonly name: string;
  readonly format: ExportFormat;
  /** Whether sealed values go with the events. */
  readonly payloads: boolean;
  readonly tenant?: string;
  readonly to: ConfiguredDestination;
}

export interface ConfiguredAlert {
  readonly rule: AlertRule;
  readonly to: ConfiguredDestination;
}

/** Who follows the ledger. */
export interface ConfiguredTelemetry {
  readonly metrics: 'off' | 'token' | 'anonymous';
  readonly followers: readonly ConfiguredFollower[];
  readonly alerts: readonly ConfiguredAlert[];
}
