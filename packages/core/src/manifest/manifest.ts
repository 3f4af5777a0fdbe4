import type { Capability, Risk } from '../model/capability.ts';
import type { ClientRequest } from '../model/method.ts';
import type { JsonValue } from '../model/json.ts';

export const SQL_DIALECTS = ['postgresql', 'sqlite', 'mysql'] as const;
export type SqlDialect = (typeof SQL_DIALECTS)[number];

/** What an argument is, so that the right inspector reads it. */
export type ArgumentKind =
  | { readonly kind: 'sql'; readonly dialect: SqlDialect }
  | { readonly kind: 'shell' }
  | { readonly kind: 'path' }
  | { readonly kind: 'url' }
  | { readonly kind: 'host' }
  /** Put by the tool into a statement, or into a command, of its own. */
  | { readonly kind: 'sql-value' }
  | { readonly kind: 'shell-value' }
  | { readonly kind: 'id' }
  | { readonly kind: 'text' };

/** A receipt that a call must hold: `subject` is the argument that names the content. */
export interface ReceiptRequirement {
  readonly receipt: string;
  readonly subject: string;
}

/** How a receipt is earned, and how the kernel itself reads what the content is now. */
export interface ReceiptDefinition {
  readonly name: string;
  readonly server: string;
  /** The tool whose success earns it. */
  readonly mintedBy: string;
  /** Fields of the tool's `structuredContent` that must have these values. */
  readonly when: { readonly [field: string]: JsonValue };
  /** The argument (of `mintedBy` and, by default, of the requiring tool) that names the content. */
  readonly subject: string;
  /** A tool of the same server with read capabilities only, called with `{ [subject]: value }`. */
  readonly content: { readonly tool: string; readonly field: string };
  readonly ttlMs: number;
}

export interface ToolManifest {
  readonly name: string;
  readonly capabilities: readonly Capability[];
  /** By argument path (`sql`, `options.path`). */
  readonly args: ReadonlyMap<string, ArgumentKind>;
  /** Overrides the risk that the capabilities imply. */
  readonly risk?: Risk;
  readonly requires: readonly ReceiptRequirement[];
  /** How often the same call may be made before it is a loop: for a tool that is asked until something has happened. */
  readonly polling?: number;
  /** What its results are called, instead of their source: empty for a tool whose word is trusted. */
  readonly returns?: readonly string[];
}

/** What one upstream server declares: nothing that is not here counts as declared. */
export interface ServerManifest {
  readonly server: string;
  readonly tools: ReadonlyMap<string, ToolManifest>;
  readonly receipts: readonly ReceiptDefinition[];
  /** Absolute roots; a path argument outside them is `FS_DENY`. Absent: no path limit here. */
  readonly fs?: { readonly readRoots: readonly string[]; readonly writeRoots: readonly string[] };
  /** Host globs; a URL argument to any other host is `EGRESS_DENY`. Absent: no host limit here. */
  readonly net?: { readonly domains: readonly string[] };
  /** What the server may ask of the client. */
  readonly clientRequests: ReadonlySet<ClientRequest>;
  /** Schemas or tables that no statement may write, `schema.*` or `table`. */
  readonly protectedTables: readonly string[];
  /** What all its results are called, where the tool says nothing. */
  readonly returns?: readonly string[];
}
