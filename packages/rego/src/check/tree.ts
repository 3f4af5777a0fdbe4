import type { Module, Rule, Term } from '../ast.ts';
import type { Report } from '../diagnostic.ts';
import type { DocumentNode, GroupKind, RuleGroup } from './resolved.ts';

/** A rule with the group that it belongs to. */
export interface PlacedRule {
  readonly module: Module;
  readonly rule: Rule;
  readonly group: RuleGroup;
  /** What of the head does not name the document: the keys of a partial object. */
  readonly keys: readonly Term[];
}

export interface DocumentTree {
  readonly root: DocumentNode;
  readonly groups: readonly RuleGroup[];
  readonly rules: readonly PlacedRule[];
}

export function newNode(): DocumentNode {
  return { children: new Map(), group: undefined };
}

/** Puts every rule of every module in its place below `data`; definitions that contradict are reported. */
export function buildTree(modules: readonly Module[], report: Report): DocumentTree {
  const root = newNode();
  const groups: RuleGroup[] = [];
  const rules: PlacedRule[] = [];
  for (const module of modules) {
    const home = descend(root, module.path);
    for (const rule of module.rules) {
      const { names, keys } = splitHead(rule);
      const node = descend(home, names);
      const kind = kindOf(rule, keys);
      const arity = rule.args?.length ?? 0;
      node.group ??= newGroup(groups, [...module.path, ...names], kind, arity, rule);
      const { group } = node;
      if (group.kind !== kind || group.arity !== arity) {
        report(
          'rego_type_error',
          `conflicting rules \`data.${group.path.join('.')}\``,
          rule.at,
          conflictHelp(group, kind),
        );
        continue;
      }
      rules.push({ module, rule, group, keys });
    }
  }
  reportOverlaps(modules, root, rules, report);
  return { root, groups, rules };
}

export function descend(from: DocumentNode, path: readonly string[]): DocumentNode {
  let node = from;
  for (const name of path) {
    let child = node.children.get(name);
    if (child === undefined) {
      child = newNode();
      node.children.set(name, child);
    }
    node = child;
  }
  return node;
}

function splitHead(rule: Rule): { names: string[]; keys: readonly Term[] } {
  const names = [rule.name];
  for (const [i, step] of rule.path.entries()) {
    if (step.kind !== 'scalar' || typeof step.value !== 'string') return { names, keys: rule.path.slice(i) };
    names.push(step.value);
  }
  return { names, keys: [] };
}

function kindOf(rule: Rule, keys: readonly Term[]): GroupKind {
  if (rule.args !== undefined) return 'function';
  if (keys.length > 0) return 'object';
  return rule.member === undefined ? 'complete' : 'set';
}

function newGroup(
  groups: RuleGroup[],
  path: readonly string[],
  kind: GroupKind,
  arity: number,
  rule: Rule,
): RuleGroup {
  const group: RuleGroup = {
    id: groups.length,
    path,
    kind,
    arity,
    definitions: [],
    fallback: undefined,
    at: rule.at,
  };
  groups.push(group);
  return group;
}

function conflictHelp(group: RuleGroup, kind: GroupKind): string {
  if (group.kind === kind) return `the other definition takes ${group.arity} arguments`;
  return `this one is a ${KIND_TEXT[kind]}, the other a ${KIND_TEXT[group.kind]}`;
}

const KIND_TEXT: Readonly<Record<GroupKind, string>> = {
  complete: 'complete rule',
  set: 'partial set',
  object: 'partial object',
  function: 'function',
};

function reportOverlaps(
  modules: readonly Module[],
  root: DocumentNode,
  rules: readonly PlacedRule[],
  report: Report,
): void {
  const packages = new Set(modules.map((module) => module.path.join('\0')));
  const seenDefault = new Set<RuleGroup>();
  for (const { rule, group } of rules) {
    const path = `data.${group.path.join('.')}`;
    if (rule.isDefault) {
      if (seenDefault.has(group)) report('rego_type_error', `multiple default rules \`${path}\``, rule.at);
      seenDefault.add(group);
    }
    if (packages.has(group.path.join('\0'))) {
      report('rego_type_error', `package \`${path}\` conflicts with a rule of the same name`, rule.at);
    }
    const node = descend(root, group.path);
    if (group.kind !== 'object' && node.children.size > 0 && !packages.has(group.path.join('\0'))) {
      const [child = ''] = node.children.keys();
      report('rego_type_error', `rule \`${path}\` conflicts with \`${path}.${child}\``, rule.at);
    }
  }
}
