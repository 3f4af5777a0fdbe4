import type { Capability } from './capability.ts';
import type { ReasonCode } from './reason.ts';
import type { TaintFacts } from './taint.ts';
import type { ThreatScore } from './threat.ts';

export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What an inspector saw in an argument or a result. */
export interface Finding {
  /** Stable id, `inspector.kind`: `sql.drop`, `sql.unscoped_delete`, `path.escape`, `pii.email`. */
  readonly id: string;
  /** Where: RFC 6901 JSON pointer into the arguments or the result. */
  readonly at: string;
  readonly severity: Severity;
  /** In words, without repeating attacker text beyond identifiers. */
  readonly message: string;
  /** The capability that the finding implies. */
  readonly capability?: Capability;
  /**
   * Set when the finding means that the input could not be judged (unparsable, over a limit):
   * the guard phase denies with this code unless a rule waives the finding by id.
   */
  readonly denies?: ReasonCode;
}

/** A URL argument, parsed (WHATWG). `host` is lower case, without brackets, port or trailing dot. */
export interface UrlFact {
  readonly href: string;
  readonly scheme: string;
  readonly host: string;
  /** Whether the host is a loopback, private, link-local or otherwise non-public address. */
  readonly internal: boolean;
}

/** A path argument as given and as it really is. */
export interface PathFact {
  readonly given: string;
  /** Absolute, normalised, symbolic links of the deepest existing ancestor resolved. */
  readonly real: string;
  /** Inside which declared root, if any. */
  readonly root?: string;
}

/** A program that a command runs, as far as its text tells. */
export interface CommandFact {
  /** Without its folder where it lies where programs are installed; empty when it is named only when it runs. */
  readonly program: string;
  /** Its words after expansion, joined by spaces; undefined when some are known only when it runs. */
  readonly args: string | undefined;
}

/**
 * The content a precondition is about, identified at call time by the kernel itself.
 * `sha256` is the hex digest of what the server says the content is now.
 */
export interface ContentFact {
  readonly receipt: string;
  readonly subject: string;
  readonly sha256: string;
}

/**
 * What is known of the definition of a tool or prompt. `unreadable`: it has no fingerprint. `broken`: its
 * pin does not agree with the evidence.
 */
export type DefinitionFact = 'pinned' | 'new' | 'changed' | 'unreadable' | 'broken';

/** Everything the inspectors established about one request. */
export interface Facts {
  /** Effective capabilities: declared ones, narrowed or widened by what the arguments really do. */
  readonly capabilities: readonly Capability[];
  readonly findings: readonly Finding[];
  readonly paths: readonly PathFact[];
  readonly urls: readonly UrlFact[];
  readonly contents: readonly ContentFact[];
  /** What the commands among the arguments run; absent where there are none. */
  readonly commands?: readonly CommandFact[];
  /** Absent where no definition is pinned. */
  readonly definition?: DefinitionFact;
  /** How threatening the call is; absent where no rule and no setting asks. */
  readonly score?: ThreatScore;
  /** Where the arguments come from; absent where nothing follows data. */
  readonly taint?: TaintFacts;
}

export const NO_FACTS: Facts = { capabilities: [], findings: [], paths: [], urls: [], contents: [] };
