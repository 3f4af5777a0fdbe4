import type { CertificateName, SecretReference } from '../../ports.ts';

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

export interface ConfiguredAgent {
  readonly name: string;
  readonly tenant: string;
  readonly token?: SecretReference;
  readonly certificate?: CertificateName;
  /** Who it is in access tokens. */
  readonly subject?: string;
  /** Absolute path of its manifest. */
  readonly manifest?: string;
}

/** Whose word is needed for an agent to do anything. */
export interface ConfiguredTrust {
  /** In `prod` every agent needs a signed manifest. */
  readonly mode: 'dev' | 'prod';
  /** Raw Ed25519 public keys in base64. */
  readonly keys: readonly string[];
  /** What Sigstore bundles are verified against. */
  readonly sigstore?: {
    /** Absolute path of a trusted root (`trusted_root.json`). */
    readonly root: string;
    /** Who may sign, exactly: a subject, and who says that it is one. */
    readonly identities: readonly { readonly identity: string; readonly issuer: string }[];
  };
}
