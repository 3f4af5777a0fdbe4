import type { Body, Branch, CallTerm, Literal, RefTerm, RuleGroup, Term } from './resolved.ts';
import { bodiesOf, literalTerms } from './variables.ts';

/** What a walk through rules is told of; a literal is left out when `literal` answers false. */
export interface Visitor {
  readonly ref?: (term: RefTerm) => void;
  readonly call?: (term: CallTerm) => void;
  readonly literal?: (literal: Literal) => boolean;
}

/** Visits every reference and call of a rule, however deep it stands. */
export function walkGroup(group: RuleGroup, visitor: Visitor): void {
  for (const definition of group.definitions) {
    for (const branch of definition.branches) walkBranch(branch, visitor);
  }
  if (group.fallback !== undefined) walkBranch(group.fallback, visitor);
}

function walkBranch(branch: Branch, visitor: Visitor): void {
  for (const term of [...branch.args, ...branch.keys, branch.value]) walkTerm(term, visitor);
  if (branch.member !== undefined) walkTerm(branch.member, visitor);
  walkBody(branch.body, visitor);
}

function walkBody(body: Body, visitor: Visitor): void {
  for (const literal of body) {
    if (visitor.literal?.(literal) === false) continue;
    for (const term of literalTerms(literal)) walkTerm(term, visitor);
    for (const inner of bodiesOf(literal.expression)) walkBody(inner, visitor);
  }
}

function walkTerm(term: Term, visitor: Visitor): void {
  const all = (terms: readonly Term[]): void => {
    for (const item of terms) walkTerm(item, visitor);
  };
  switch (term.kind) {
    case 'scalar':
    case 'local':
      return;
    case 'ref':
      visitor.ref?.(term);
      if (typeof term.root !== 'string') walkTerm(term.root, visitor);
      all(term.path);
      return;
    case 'array':
    case 'set':
      all(term.items);
      return;
    case 'object':
      all(term.entries.flat());
      return;
    case 'call':
      visitor.call?.(term);
      all(term.args);
      return;
    case 'comprehension':
      if (term.key !== undefined) walkTerm(term.key, visitor);
      walkTerm(term.item, visitor);
      walkBody(term.body, visitor);
  }
}
