import type { GuardSettings, Mode, PolicyLimits, PolicyPart, Position, Risk, VerifierKey } from '@aegis/core';
import type { Durability } from '../ledger-ports.ts';
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
  /** Absolute path of its manifest. */
  readonly manifest?: string;
}

/** Whose word is needed for an agent to do anything. */
export interface ConfiguredTrust {
  /** In `prod` every agent needs a signed manifest. */
  readonly mode: 'dev' | 'prod';
  /** Raw Ed25519 public keys in base64. */
  readonly keys: readonly string[];
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

/** Where the ledger is kept, and when an event in it counts as kept. */
export type ConfiguredStore = { readonly durability: Durability } & (
  | {
      readonly kind: 'sqlite';
      /** Absolute path. */
      readonly file: string;
    }
  | ({
      readonly kind: 'postgres';
      /** Who makes the tables, where that is another role than the one that appends. */
      readonly owner?: DatabaseRole;
    } & DatabaseRole)
);

/** A role of a database server, and how to reach it. */
export interface DatabaseRole {
  /** Without a password. */
  readonly dsn: string;
  readonly password?: SecretReference;
}

export interface ConfiguredWitness {
  readonly url: string;
  readonly key: VerifierKey;
}

/** A file by its absolute path, or an address. */
export type ConfiguredAnchor =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'url'; readonly url: string };

export interface ConfiguredLedger {
  readonly sealIntervalMs: number;
  readonly witnesses: readonly ConfiguredWitness[];
  /** How many of them make a checkpoint count as witnessed. */
  readonly quorum: number;
  readonly anchor?: ConfiguredAnchor;
}

/** Policies in Rego; paths are absolute. */
export interface ConfiguredRego {
  readonly files: readonly string[];
  /** The rule that is asked. */
  readonly entrypoint: string;
  readonly entrypointAt: Position;
  /** What the policies find below `data`. */
  readonly data?: string;
}

/** The configuration as the daemon uses it: every default filled in, every path absolute. */
export interface Configuration {
  readonly file: string;
  readonly directory: string;
  readonly mode: Mode;
  readonly daemon: Address & { readonly anonymous?: string };
  readonly stdioAgent: string;
  /** Absolute path of the manifest of the agent behind `aegis mcp`. */
  readonly stdioManifest?: string;
  readonly trust: ConfiguredTrust;
  readonly store: ConfiguredStore;
  readonly ledger: ConfiguredLedger;
  readonly limits: PolicyLimits;
  /** What becomes of a tool or prompt that was never seen before. */
  readonly firstSight: 'pin' | 'quarantine';
  /** What becomes of such a one whose definition acts on the model. */
  readonly suspectDefinitions: 'quarantine' | 'off';
  readonly risk: Readonly<Partial<Record<Risk, 'allow' | 'require_approval' | 'deny'>>>;
  readonly guards: GuardSettings;
  /** The declared ones, then those that routes name by URL. */
  readonly servers: readonly ConfiguredServer[];
  /** No two for the same name or prefix, and every server is one of `servers`. */
  readonly routes: readonly ConfiguredRoute[];
  readonly agents: readonly ConfiguredAgent[];
  /** The rules of this file, then absolute paths of further policy files. */
  readonly rules: PolicyPart | undefined;
  readonly policyFiles: readonly string[];
  /** Rego that is asked after the rules. */
  readonly rego?: ConfiguredRego;
}
