import type { JsonObject } from '../../model/json.ts';
import type { TextTest } from '../../policy/glob.ts';

/** The value of `schema` in an agent manifest. */
export const AGENT_MANIFEST_SCHEMA = 'aegis.dev/manifest/v0.1';

/** What a session of the agent may spend and what a call of it may take; never more than the policy gives. */
export interface AgentBudgets {
  readonly maxSteps?: number;
  readonly maxModelCalls?: number;
  readonly maxToolCalls?: number;
  /** Milliseconds. */
  readonly maxWallTimeMs?: number;
  /** Bytes of one result. */
  readonly maxOutputBytes?: number;
  /** Milliseconds of one call. */
  readonly timeoutMs?: number;
}

/** The programs that an agent may have run, and with which arguments. */
export interface AgentExec {
  /** Names of programs, without folders. */
  readonly allowedBins: ReadonlySet<string>;
  /**
   * Each takes the whole argument text of a command, its words joined by spaces; one of them must. Absent:
   * any arguments.
   */
  readonly argPatterns?: readonly TextTest[];
}

/** A digest over files that came with the manifest. */
export interface AgentIntegrity {
  /** SHA-256 (hex) of each file, by its path from the manifest's folder, with `/` between folders. */
  readonly files: ReadonlyMap<string, string>;
  /** SHA-256 (hex) over all of them (`treeDigest`). */
  readonly treeSha256?: string;
  readonly signature?: AgentSignature;
}

export type AgentSignature =
  /** An Ed25519 signature (RFC 8032) over `signedText` of the manifest. */
  | {
      readonly kind: 'ed25519';
      /** Raw public key, 32 bytes in base64. */
      readonly publicKey: string;
      /** 64 bytes in base64. */
      readonly value: string;
    }
  /** A Sigstore bundle (v0.3) over the bytes of the manifest's file. */
  | {
      readonly kind: 'sigstore';
      /** Path of its file from the manifest's folder. */
      readonly bundle: string;
    };

/**
 * What an agent, or a skill of it, is allowed to do at all (manifest v0.1): it takes away from what
 * policies allow, and never adds. What it does not name, the agent may not use.
 */
export interface AgentManifest {
  readonly name: string;
  readonly version: string;
  readonly publisher: string;
  /** Tests a tool by its name on its server, or by `server.tool`. */
  readonly tools: readonly TextTest[];
  /** Globs on hosts; `*.x.org` is every subdomain of x.org and not x.org. */
  readonly domains: readonly TextTest[];
  /** As written, for messages. */
  readonly domainNames: readonly string[];
  /** Absolute roots. */
  readonly readRoots: readonly string[];
  readonly writeRoots: readonly string[];
  /** Absent: no program may run. */
  readonly exec?: AgentExec;
  /** Names of the credentials that a server may use on its behalf. */
  readonly secrets: ReadonlySet<string>;
  /** Tools that a person must approve, tested as `tools`. */
  readonly approvalRequired: readonly TextTest[];
  readonly budgets: AgentBudgets;
  /** Whether programs may run in a sandbox only. */
  readonly sandboxed: boolean;
  readonly integrity: AgentIntegrity;
  /** As it stands in the file, for policies that read it themselves. */
  readonly written: JsonObject;
}

/** What an agent is granted at all: by its manifest, or nothing where it would need one and has none. */
export type AgentGrant = AgentManifest | 'nothing';
