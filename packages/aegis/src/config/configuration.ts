import type { Mode, PolicyLimits, PolicyPart, Risk } from '@aegis/core';
import type { SecretReference } from '../ports.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type ConfiguredValue = string | SecretReference;

export type ConfiguredServer = {
  readonly name: string;
  /** Absolute path of the manifest. */
  readonly manifest?: string;
} & (
  | {
      readonly kind: 'stdio';
      readonly command: readonly [string, ...string[]];
      readonly cwd: string;
      readonly env: Readonly<Record<string, ConfiguredValue>>;
    }
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly headers: Readonly<Record<string, ConfiguredValue>>;
      readonly maxConcurrency: number;
    }
);

export interface ConfiguredAgent {
  readonly name: string;
  readonly tenant: string;
  readonly token: SecretReference;
}

/** The configuration as the daemon uses it: every default filled in, every path absolute. */
export interface Configuration {
  readonly file: string;
  readonly directory: string;
  readonly mode: Mode;
  readonly daemon: Address & { readonly anonymous?: string };
  readonly stdioAgent: string;
  /** Absolute path of the SQLite file. */
  readonly storeFile: string;
  readonly limits: PolicyLimits;
  readonly risk: Readonly<Partial<Record<Risk, 'allow' | 'require_approval' | 'deny'>>>;
  readonly servers: readonly ConfiguredServer[];
  readonly agents: readonly ConfiguredAgent[];
  /** The rules of this file, then absolute paths of further policy files. */
  readonly rules: PolicyPart | undefined;
  readonly policyFiles: readonly string[];
}
