import type { LogicOperator, ScalarTerm } from '../ast.ts';
import type { Builtin } from '../builtins/builtin.ts';
import type { Position } from '../diagnostic.ts';

/** A variable of one rule branch; the slot is its place in the frame. */
export interface Local {
  readonly slot: number;
  readonly name: string;
  readonly at: Position;
}

/** A term in which every name is known to be a variable, `input`, `data` or a function. */
export type Term =
  | ScalarTerm
  | LocalTerm
  | RefTerm
  | { readonly kind: 'array' | 'set'; readonly items: readonly Term[]; readonly at: Position }
  | {
      readonly kind: 'object';
      readonly entries: readonly (readonly [Term, Term])[];
      readonly at: Position;
    }
  | CallTerm
  | Comprehension;

export interface LocalTerm {
  readonly kind: 'local';
  readonly local: Local;
  readonly at: Position;
}

export interface RefTerm {
  readonly kind: 'ref';
  readonly root: 'input' | 'data' | Term;
  readonly path: readonly Term[];
  readonly at: Position;
}

export interface CallTerm {
  readonly kind: 'call';
  readonly callee: Callee;
  /** One argument more than the callee has parameters is unified with the result. */
  readonly args: readonly Term[];
  /** Stands alone in a body, where its value only has to be true. */
  readonly isStatement?: true;
  readonly at: Position;
}

export interface Comprehension {
  readonly kind: 'comprehension';
  readonly result: 'array' | 'set' | 'object';
  readonly key: Term | undefined;
  readonly item: Term;
  readonly body: Body;
  /** The only variable that the body may bind; all else that it mentions is bound outside. */
  readonly own?: Local;
  readonly at: Position;
}

export type Callee =
  | { readonly kind: 'builtin'; readonly builtin: Builtin }
  | { readonly kind: 'function'; readonly group: RuleGroup }
  | { readonly kind: 'unknown' };

export type Body = readonly Literal[];

export interface Literal {
  readonly expression: Expression;
  readonly negated: boolean;
  readonly withs: readonly With[];
  readonly at: Position;
  /** Stood under `not`: everything that its right side mentions must be bound by other literals. */
  readonly isClosed?: true;
}

export type Expression =
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'unify'; readonly left: Term; readonly right: Term }
  | {
      readonly kind: 'some-in';
      readonly key: Term | undefined;
      readonly value: Term;
      readonly collection: Term;
    }
  | {
      readonly kind: 'every';
      readonly key: Local | undefined;
      readonly value: Local;
      readonly domain: Term;
      readonly body: Body;
    }
  | { readonly kind: 'logic'; readonly operator: LogicOperator; readonly operands: readonly Operand[] };

/** A condition inside a condition: it holds or not, and binds nothing that is seen outside. */
export interface Operand {
  readonly body: Body;
  readonly isExplicit: boolean;
  /** Slots of an operand without braces that hold what is taken out of a negation in it. */
  readonly own: ReadonlySet<number>;
}

export type With = DocumentWith | FunctionWith;

export interface DocumentWith {
  readonly kind: 'document';
  readonly root: 'input' | 'data';
  readonly path: readonly string[];
  readonly value: Term;
  readonly at: Position;
}

/** Calls of a function get another answer. */
export interface FunctionWith {
  readonly kind: 'function';
  /** As `calleeKey` tells it. */
  readonly target: string;
  readonly by: Replacement;
  /** Computed before the literal; `true` where the replacement is no value. */
  readonly value: Term;
  readonly at: Position;
}

export type Replacement =
  | { readonly kind: 'value' }
  /** A rule is asked at each call, in the documents that the call sees. */
  | { readonly kind: 'rule'; readonly group: RuleGroup; readonly ref: RefTerm }
  | { readonly kind: 'callee'; readonly callee: Exclude<Callee, { kind: 'unknown' }> };

export type GroupKind = 'complete' | 'set' | 'object' | 'function';

/** All definitions of one rule document or function. */
export interface RuleGroup {
  readonly id: number;
  /** Below `data`. */
  readonly path: readonly string[];
  readonly kind: GroupKind;
  /** How many arguments a function has. */
  readonly arity: number;
  readonly definitions: Definition[];
  fallback: Branch | undefined;
  readonly at: Position;
}

export interface Definition {
  /** Tried in order; the first that holds gives the value. */
  readonly branches: readonly Branch[];
  readonly at: Position;
}

export interface Branch {
  readonly args: readonly Term[];
  /** Where in a partial object; empty for other rules. */
  readonly keys: readonly Term[];
  readonly member: Term | undefined;
  readonly value: Term;
  readonly body: Body;
  readonly slots: number;
  readonly at: Position;
}

/** A node of the tree of virtual documents: packages and rules by name. */
export interface DocumentNode {
  readonly children: Map<string, DocumentNode>;
  group: RuleGroup | undefined;
}
