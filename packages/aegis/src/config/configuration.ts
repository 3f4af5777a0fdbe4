import type {
  AlertRule,
  ClassifierFailure,
  ExportFormat,
  GuardSettings,
  LoopSettings,
  Mode,
  ModelBudget,
  PolicyLimits,
  Position,
  RateLimit,
  Risk,
  Role,
  RoleGrant,
  SequenceRule,
  TaintSettings,
  VerifierKey,
  WrittenPart,
} from '@aegis/core';
import type { Durability } from '../ledger-ports.ts';
import type { CertificateName, SecretReference } from '../ports.ts';
import type { Flags } from './flat/flat.ts';
import type { Surroundings } from './surroundings.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Whose access tokens count. */
export interface ConfiguredOAuth {
  readonly issuer: string;
  readonly audience: string;
  /** Where the keys of the issuer are; the path is absolute. */
  readonly jwks:
    | { readonly kind: 'url'; readonly url: string }
    | { readonly kind: 'file'; readonly file: string };
  readonly claim: string;
  readonly scopes: readonly string[];
  readonly typ: 'at+jwt' | 'JWT';
  readonly algorithms: readonly string[];
}

/** Where people sign in. */
export interface ConfiguredOidc {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: SecretReference | undefined;
  /** The origin by which browsers reach the daemon. */
  readonly url: string;
  readonly scopes: readonly string[];
  /** The claim that names a person. */
  readonly name: string;
  /** The claim whose values give roles. */
  readonly claim: string;
  readonly sessionMs: number;
  readonly algorithms: readonly string[];
  readonly grants: readonly RoleGrant[];
}

/** The certificate of the HTTP door; paths are absolute. */
export interface ConfiguredTls {
  readonly cert: string;
  readonly key: SecretReference;
  /** Roots of the certificates of clients. */
  readonly clientCa?: string;
}

/** What `aegisd` writes on standard error. */
export interface ConfiguredLog {
  /** The least that is written. */
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly format: 'text' | 'json';
}

/** The HTTP door. */
export interface ConfiguredDaemon extends Address {
  /** A second door, for MCP alone. */
  readonly mcp?: Address;
  readonly anonymous?: string;
  /** By which it may be called, beside the names of this machine. */
  readonly hosts: readonly string[];
  /** From where somebody who guesses credentials is locked out. */
  readonly lockOut: 'network' | 'everywhere';
  readonly tls?: ConfiguredTls;
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
export type ConfiguredStore = {
  readonly durability: Durability;
  /** How long sessions belong to a process after its last sign of life. */
  readonly leaseMs: number;
} & (
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

/** Policies in Cedar; paths are absolute. */
export interface ConfiguredCedar {
  readonly policies: readonly string[];
  /** Where they are named. */
  readonly at: Position;
  readonly entities?: string;
  readonly schema?: string;
}

/** OPA, as a bundle or a service; paths are absolute. */
export type ConfiguredOpa = {
  /** The document that is asked for: `aegis/decision`. */
  readonly entrypoint: string;
  readonly entrypointAt: Position;
  readonly deadlineMs: number;
  /** The parts of the input that it is shown; an empty path is all of it. */
  readonly reads: readonly (readonly string[])[];
} & (
  | {
      readonly kind: 'bundle';
      readonly file: string;
      readonly data?: string;
      readonly memoryMb: number;
    }
  | {
      readonly kind: 'remote';
      readonly url: string;
      readonly token?: SecretReference;
      /** Roots of its certificate, in a file. */
      readonly ca?: string;
    }
);

/** A policy beside the policy itself. Of all that speak of a call the strictest counts. */
export interface ConfiguredLayer {
  readonly name: string;
  readonly mode: Mode;
  /** Absolute paths. */
  readonly policyFiles: readonly string[];
  /** Globs; absent for everybody. */
  readonly agents?: readonly string[];
  readonly tenants?: readonly string[];
}

/** A HashiCorp Vault or an OpenBao, without a path. */
interface ConfiguredVaultService {
  readonly url: string;
  readonly token: OutsideVault;
  readonly namespace?: string;
}

/** Where a credential is kept that opens the vault, and cannot be in it. */
type OutsideVault = { readonly env: string } | { readonly file: string };

/** What opens the vault; paths are absolute. */
export type ConfiguredVaultKey =
  /** The key file in the user's own configuration folder. */
  | { readonly kind: 'own' }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'passphrase'; readonly from: 'prompt' | OutsideVault }
  | { readonly kind: 'keyring'; readonly service: string }
  | ({ readonly kind: 'transit'; readonly mount: string; readonly key: string } & ConfiguredVaultService)
  | ({ readonly kind: 'kv'; readonly path: string; readonly field: string } & ConfiguredVaultService);

/** Where credentials are kept that are named by `{ secret }`. */
export interface ConfiguredVault {
  /** Absolute path. */
  readonly file: string;
  readonly key: ConfiguredVaultKey;
  /** What opened it before. */
  readonly oldKey?: ConfiguredVaultKey;
}

/** A classifier of texts on this machine. */
export interface ConfiguredClassifier {
  readonly url: string;
  readonly deadlineMs: number;
  readonly failure: ClassifierFailure;
}

/** The configuration as the daemon uses it: every default filled in, every path absolute. */
export interface Configuration {
  readonly file: string;
  /** The text of the file. */
  readonly text: string;
  readonly directory: string;
  readonly mode: Mode;
  /** What the command line says in place of the file. */
  readonly flags?: Flags;
  /** What variables and the user's defaults said, likewise. */
  readonly surroundings?: Surroundings;
  readonly daemon: ConfiguredDaemon;
  readonly log: ConfiguredLog;
  readonly stdioAgent: string;
  /** Absolute path of the manifest of the agent behind `aegis mcp`. */
  readonly stdioManifest?: string;
  readonly trust: ConfiguredTrust;
  readonly store: ConfiguredStore;
  readonly ledger: ConfiguredLedger;
  readonly vault: ConfiguredVault;
  readonly approvals: ConfiguredApprovals;
  readonly telemetry: ConfiguredTelemetry;
  readonly limits: PolicyLimits;
  /** What becomes of a tool or prompt that was never seen before. */
  readonly firstSight: 'pin' | 'quarantine';
  /** What becomes of such a one whose definition acts on the model. */
  readonly suspectDefinitions: 'quarantine' | 'off';
  readonly classifier?: ConfiguredClassifier;
  readonly risk: Readonly<Partial<Record<Risk, 'allow' | 'require_approval' | 'deny'>>>;
  readonly guards: GuardSettings;
  /** Absent: only rules follow data. */
  readonly taint?: TaintSettings;
  /** Absent: calls of models are counted and not limited. */
  readonly models?: ModelBudget;
  readonly rates: readonly RateLimit[];
  readonly loops: LoopSettings;
  /** What must not come after what. */
  readonly sequences: readonly SequenceRule[];
  /** The declared ones, then those that routes name by URL. */
  readonly servers: readonly ConfiguredServer[];
  /** No two for the same name or prefix, and every server is one of `servers`. */
  readonly routes: readonly ConfiguredRoute[];
  readonly agents: readonly ConfiguredAgent[];
  readonly people: readonly ConfiguredPerson[];
  readonly oauth?: ConfiguredOAuth;
  readonly oidc?: ConfiguredOidc;
  /** The rules of this file, then absolute paths of further policy files. */
  readonly rules: WrittenPart | undefined;
  readonly policyFiles: readonly string[];
  /** Further policies for some callers. */
  readonly layers: readonly ConfiguredLayer[];
  /** What is asked after the rules, in this order. */
  readonly rego?: ConfiguredRego;
  readonly cedar?: ConfiguredCedar;
  readonly opa?: ConfiguredOpa;
}
