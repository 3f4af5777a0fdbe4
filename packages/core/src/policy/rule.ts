import type { Position } from '../diagnostic.ts';
import type { Risk } from '../model/capability.ts';
import type { ApproverRequirement } from '../model/approver.ts';
import type { Effect, Mode } from '../model/decision.ts';
import type { ParsedCondition } from './cel/parse-condition.ts';
import type { TimeWindow } from './time-window.ts';

/** Kinds of personal data that a rule can have masked in results. */
export const PII_KINDS = ['email', 'phone', 'card', 'iban', 'ssn', 'national_id', 'ip'] as const;
export type PiiKind = (typeof PII_KINDS)[number];

/** What a rule can have masked in results. */
export const MASK_KINDS = [...PII_KINDS, 'secret'] as const;
export type MaskKind = (typeof MASK_KINDS)[number];

export type Scalar = boolean | number | string;

/**
 * One test of a value. `like` is a plain value or list as written: strings are globs, numbers and
 * booleans are equal. Everything else is an operator of the same name.
 */
export type ValueTest =
  | { readonly op: 'like'; readonly values: readonly Scalar[] }
  | { readonly op: 'eq' | 'ne' | 'contains'; readonly value: Scalar }
  | { readonly op: 'in'; readonly values: readonly Scalar[] }
  | { readonly op: 'gt' | 'gte' | 'lt' | 'lte'; readonly value: number | string }
  | { readonly op: 'matches'; readonly pattern: string }
  | { readonly op: 'exists'; readonly value: boolean }
  | { readonly op: 'cidr'; readonly blocks: readonly string[] }
  | { readonly op: 'under'; readonly roots: readonly string[] };

/** What the kernel itself knows of a call, whatever its arguments are called. */
export const FACT_KEYS = [
  'tool_name',
  'server',
  'agent',
  'tenant',
  'path',
  'host',
  'method',
  'capability',
  'finding',
  'risk',
  'score',
  'label',
] as const;
export type FactKey = (typeof FACT_KEYS)[number];

/** What a condition asks about: a fact, or the argument at a path. */
export type ConditionSubject =
  | { readonly kind: 'fact'; readonly key: FactKey }
  | { readonly kind: 'argument'; readonly path: readonly string[] };

/** One entry of `when`: all its tests must hold. */
export interface Condition {
  /** Normalised: `tool_name`, `args.amount`. */
  readonly key: string;
  readonly subject: ConditionSubject;
  readonly tests: readonly ValueTest[];
}

/** A rule as read: every default filled in, every value checked. */
export interface Rule {
  readonly name: string;
  /** Glob on the MCP method. */
  readonly match: string;
  readonly action: Effect;
  /** A conjunction; empty matches every call. */
  readonly when: readonly Condition[];
  /** An expression that must hold as well, asked last. */
  readonly condition: ParsedCondition | undefined;
  /** Windows of which one must be open; empty for every time. */
  readonly time: readonly TimeWindow[];
  /** Overrides the risk of the calls that the rule lets through. */
  readonly risk: Risk | undefined;
  /** Shown to the agent instead of the standard message. */
  readonly reason: string | undefined;
  /** The record is marked for attention. */
  readonly log: boolean;
  readonly mask: readonly MaskKind[];
  readonly timeoutMs: number | undefined;
  readonly maxOutputBytes: number | undefined;
  /** Names of receipts that a call let through by this rule must hold. */
  readonly requires: readonly string[];
  /** Labels that a rule puts on what a matching call returns. */
  readonly labels: readonly string[];
  /** Ids of findings whose denial this rule accepts. */
  readonly waive: readonly string[];
  /** Whose word a call that it holds needs; undefined where it does not say. */
  readonly approvers: ApproverRequirement | undefined;
  /** In `shadow` the rule decides nothing; that it would have decided is recorded. */
  readonly mode: Mode;
  /** Evaluated always, before the ordinary rules, and able only to tighten. */
  readonly invariant: boolean;
  readonly at: Position;
}

/**
 * Whether a rule takes something away from what would otherwise be possible.
 *
 * A condition that cannot be judged (a number compared with a text) holds for a rule that tightens
 * and does not hold for one that lets through: doubt never lets a call pass.
 */
export function tightens(rule: Pick<Rule, 'action' | 'invariant'>): boolean {
  return rule.invariant || rule.action === 'deny' || rule.action === 'require_approval';
}
