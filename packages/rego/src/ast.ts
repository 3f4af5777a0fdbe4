import type { Position } from './diagnostic.ts';
import type { Value } from './value/value.ts';

/** A term as it is written: names are not yet known to be variables, rules or documents. */
export type Term =
  | ScalarTerm
  | NameTerm
  | RefTerm
  | ListTerm
  | ObjectTerm
  | CallTerm
  | ComprehensionTerm
  | ObjectComprehensionTerm
  | TemplateTerm;

export interface ScalarTerm {
  readonly kind: 'scalar';
  readonly value: Value;
  readonly at: Position;
}

/** A variable, a rule, an import, `input` or `data`; `_` is a fresh variable each time. */
export interface NameTerm {
  readonly kind: 'name';
  readonly name: string;
  readonly at: Position;
}

export interface RefTerm {
  readonly kind: 'ref';
  readonly head: Term;
  readonly path: readonly Term[];
  readonly at: Position;
}

export interface ListTerm {
  readonly kind: 'array' | 'set';
  readonly items: readonly Term[];
  readonly at: Position;
}

export interface ObjectTerm {
  readonly kind: 'object';
  readonly entries: readonly (readonly [Term, Term])[];
  readonly at: Position;
}

export interface CallTerm {
  readonly kind: 'call';
  /** The dotted name, in parts: `['json', 'marshal']`. Operators have the name of their built-in. */
  readonly callee: readonly string[];
  readonly args: readonly Term[];
  /** An operator cannot be hidden by a rule of the same name. */
  readonly isOperator: boolean;
  readonly at: Position;
}

export interface ComprehensionTerm {
  readonly kind: 'array-comprehension' | 'set-comprehension';
  readonly item: Term;
  readonly body: Body;
  readonly at: Position;
}

export interface ObjectComprehensionTerm {
  readonly kind: 'object-comprehension';
  readonly key: Term;
  readonly value: Term;
  readonly body: Body;
  readonly at: Position;
}

/** A string with values put in: `$"hello {input.name}"`. */
export interface TemplateTerm {
  readonly kind: 'template';
  readonly parts: readonly TemplatePart[];
  readonly at: Position;
}

export type TemplatePart = string | { readonly term: Term; readonly withs: readonly With[] };

export type Body = readonly Literal[];

export interface Literal {
  readonly expression: Expression;
  readonly negated: boolean;
  readonly withs: readonly With[];
  readonly at: Position;
}

export type Expression =
  | { readonly kind: 'term'; readonly term: Term }
  | { readonly kind: 'unify'; readonly left: Term; readonly right: Term }
  | { readonly kind: 'assign'; readonly left: Term; readonly right: Term }
  | { readonly kind: 'some'; readonly names: readonly NameTerm[] }
  | {
      readonly kind: 'some-in';
      readonly key: Term | undefined;
      readonly value: Term;
      readonly collection: Term;
    }
  | {
      readonly kind: 'every';
      readonly key: Term | undefined;
      readonly value: Term;
      readonly domain: Term;
      readonly body: Body;
    }
  | { readonly kind: 'logic'; readonly operator: LogicOperator; readonly operands: readonly Operand[] };

/** `not` is the negation of `future.keywords.not`, under which all of its operand stands. */
export type LogicOperator = 'and' | 'or' | 'not';

/** One side of `and` or `or`, or what is negated. */
export interface Operand {
  readonly body: Body;
  /** Written in braces, with variables of its own. */
  readonly isExplicit: boolean;
}

export interface With {
  readonly target: Term;
  readonly value: Term;
  readonly at: Position;
}

export interface Module {
  readonly file: string;
  readonly path: readonly string[];
  readonly imports: readonly Import[];
  readonly rules: readonly Rule[];
  readonly at: Position;
}

export interface Import {
  readonly path: readonly string[];
  readonly alias: string;
  readonly at: Position;
}

/** One definition. Several of the same name make up one rule document or function. */
export interface Rule {
  readonly isDefault: boolean;
  /** The name and what follows it: `a.b[x]` is `a`, `"b"`, `x`. */
  readonly name: string;
  readonly path: readonly Term[];
  readonly args: readonly Term[] | undefined;
  /** The member of a partial set: `name contains member`. */
  readonly member: Term | undefined;
  /** The first branch, then those of `else`. */
  readonly branches: readonly Branch[];
  readonly at: Position;
}

export interface Branch {
  /** Absent means `true`, and also for partial sets. */
  readonly value: Term | undefined;
  readonly body: Body;
  readonly at: Position;
}
