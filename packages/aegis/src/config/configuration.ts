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
  /** Which way of speaking MCP it is held to; absent or `auto`: found out. */
  readonly era?: 'auto' | 'legacy' | 'modern';
  /** Whether every client session gets a process or session of the server for itself. */
  readonly isolated: boolean;
  /** A route names it by URL, and nothing declares it: it offers what routes bring to it, and no more. */
  readonly onlyRouted?: true;
} & (
  | {
      readonly kind: 'stdio';
      readonly command: readonly [string, ...string[]];
      readonly cwd: string;
      readonly env: Readonly<Record<string, ConfiguredValue>>;
      /** A process unused so long is ended until the next call. */
      readonly idleMs?: number;
      /** A process this old is replaced, after the calls under way. */
      readonly maxLifetimeMs?: number;
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

/** Tool names, and the servers that answer for them. `order` and `failure` speak of several servers. */
export interface ConfiguredRoute {
  readonly match:
    | { readonly kind: 'tool'; readonly name: string }
    /** Without its `*`. */
    | { readonly kind: 'prefix'; readonly prefix: string };
  readonly servers: readonly [string, ...string[]];
  readonly order: 'all' | 'first-success';
  readonly failure: 'partial' | 'strict';
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
  /** What becomes of a tool or prompt that was never seen before. */
  readonly firstSight: 'pin' | 'quarantine';
  readonly risk: Readonly<Partial<Record<Risk, 'allow' | 'require_approval' | 'deny'>>>;
  /** The declared ones, then those that routes name by URL. */
  readonly servers: readonly ConfiguredServer[];
  /** No two for the same name or prefix, and every server is one of `servers`. */
  readonly routes: readonly ConfiguredRoute[];
  readonly agents: readonly ConfiguredAgent[];
  /** The rules of this file, then absolute paths of further policy files. */
  readonly rules: PolicyPart | undefined;
  readonly policyFiles: readonly string[];
}
