import type { ConfiguredApprovals, ConfiguredPerson } from './configured/approvals.ts';
import type { ConfiguredDaemon, ConfiguredLog, ConfiguredOAuth, ConfiguredOidc } from './configured/doors.ts';
import type { ConfiguredLedger, ConfiguredStore } from './configured/ledger.ts';
import type {
  ConfiguredAgent,
  ConfiguredRoute,
  ConfiguredServer,
  ConfiguredTrust,
} from './configured/parties.ts';
import type {
  ConfiguredCedar,
  ConfiguredClassifier,
  ConfiguredLayer,
  ConfiguredOpa,
  ConfiguredRego,
} from './configured/policy.ts';
import type { ConfiguredTelemetry } from './configured/telemetry.ts';
import type { ConfiguredVault } from './configured/vault.ts';
import type {
  GuardSettings,
  LoopSettings,
  Mode,
  ModelBudget,
  PolicyLimits,
  RateLimit,
  Risk,
  SequenceRule,
  TaintSettings,
  WrittenPart,
} from '@aegis/core';
import type { Flags } from './flat/flat.ts';
import type { Surroundings } from './surroundings.ts';

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
