import type { Report } from '../diagnostic.ts';
import type { Body, Branch, DocumentNode, RuleGroup, Term } from './resolved.ts';
import type { DocumentTree } from './tree.ts';
import { literalTerms } from './variables.ts';

/** Reports every rule that depends on itself, through however many others. */
export function checkRecursion(tree: DocumentTree, report: Report): void {
  const dependencies = new Map(
    tree.groups.map((group) => [group, dependenciesOf(group, tree.root)] as const),
  );
  const done = new Set<RuleGroup>();
  const path: RuleGroup[] = [];
  const visit = (group: RuleGroup): void => {
    const seenAt = path.indexOf(group);
    if (seenAt >= 0) {
      const circle = [...path.slice(seenAt), group].map((member) => `data.${member.path.join('.')}`);
      report('rego_recursion_error', `rule \`${circle[0]}\` is recursive: ${circle.join(' -> ')}`, group.at);
      return;
    }
    if (done.has(group)) return;
    path.push(group);
    for (const next of dependencies.get(group) ?? []) visit(next);
    path.pop();
    done.add(group);
  };
  for (const group of tree.groups) visit(group);
}

/** The rules that a rule may ask for. A reference with a variable may ask for all below its fixed part. */
function dependenciesOf(group: RuleGroup, root: DocumentNode): ReadonlySet<RuleGroup> {
  const found = new Set<RuleGroup>();
  const term = (item: Term): void => {
    switch (item.kind) {
      case 'scalar':
      case 'local':
        return;
      case 'ref':
        if (item.root === 'data') addReferred(item.path, root, found);
        else if (item.root !== 'input') term(item.root);
        item.path.forEach(term);
        return;
      case 'array':
      case 'set':
        item.items.forEach(term);
        return;
      case 'object':
        item.entries.forEach((entry) => entry.forEach(term));
        return;
      case 'call':
        if (item.callee.kind === 'function') found.add(item.callee.group);
        item.args.forEach(term);
        return;
      case 'comprehension':
        if (item.key !== undefined) term(item.key);
        term(item.item);
        body(item.body);
    }
  };
  const body = (literals: Body): void => {
    for (const literal of literals) {
      literalTerms(literal).forEach(term);
      if (literal.expression.kind === 'every') body(literal.expression.body);
    }
  };
  const branch = (item: Branch): void => {
    [...item.args, ...item.keys, item.value].forEach(term);
    if (item.member !== undefined) term(item.member);
    body(item.body);
  };
  for (const definition of group.definitions) definition.branches.forEach(branch);
  if (group.fallback !== undefined) branch(group.fallback);
  return found;
}

function addReferred(path: readonly Term[], node: DocumentNode, found: Set<RuleGroup>): void {
  if (node.group !== undefined && node.group.kind !== 'function') found.add(node.group);
  const [step, ...rest] = path;
  if (step === undefined) return addAll(node, found);
  if (step.kind !== 'scalar') {
    for (const child of node.children.values()) addReferred(rest, child, found);
    return;
  }
  const child = typeof step.value === 'string' ? node.children.get(step.value) : undefined;
  if (child !== undefined) addReferred(rest, child, found);
}

function addAll(node: DocumentNode, found: Set<RuleGroup>): void {
  if (node.group !== undefined && node.group.kind !== 'function') found.add(node.group);
  for (const child of node.children.values()) addAll(child, found);
}
