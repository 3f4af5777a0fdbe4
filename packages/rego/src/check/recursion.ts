import type { Report } from '../diagnostic.ts';
import type { DocumentNode, Literal, RuleGroup, Term, With } from './resolved.ts';
import type { DocumentTree } from './tree.ts';
import { walkGroup } from './walk.ts';

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

/** The rules that a rule may ask for, those that it puts in the place of others among them. */
function dependenciesOf(group: RuleGroup, root: DocumentNode): ReadonlySet<RuleGroup> {
  const replacing = new Set<RuleGroup>();
  const found = referredGroups(group, root, ({ withs }) => {
    for (const item of withs) {
      const group = replacingGroup(item);
      if (group !== undefined) replacing.add(group);
    }
    return true;
  });
  return new Set([...found, ...replacing]);
}

/** The rule or function of the policies that stands in the place of a function. */
export function replacingGroup(item: With): RuleGroup | undefined {
  if (item.kind !== 'function') return undefined;
  const { by } = item;
  if (by.kind === 'rule') return by.group;
  return by.kind === 'callee' && by.callee.kind === 'function' ? by.callee.group : undefined;
}

/**
 * The rules that the literals of a rule mention, as far as `literal` lets them count. A reference with a variable
 * may ask for all below its fixed part.
 */
export function referredGroups(
  group: RuleGroup,
  root: DocumentNode,
  literal: (literal: Literal) => boolean,
): ReadonlySet<RuleGroup> {
  const found = new Set<RuleGroup>();
  walkGroup(group, {
    literal,
    ref: (term) => {
      if (term.root === 'data') addReferred(term.path, root, found);
    },
    call: ({ callee }) => {
      if (callee.kind === 'function') found.add(callee.group);
    },
  });
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
