import type * as ast from '../ast.ts';
import type { Report } from '../diagnostic.ts';
import { calleeArity, calleeKey, isReplaceable } from './mocks.ts';
import { isRoot, type ModuleNames } from './names.ts';
import type { Callee, DocumentNode, Replacement, RuleGroup, Term, With } from './resolved.ts';
import type { Scope } from './scope.ts';

type KnownCallee = Exclude<Callee, { kind: 'unknown' }>;

/** What a `with` is read in. */
interface Surroundings {
  readonly names: ModuleNames;
  readonly scope: Scope;
  readonly report: Report;
}

/** Says what a `with` replaces: a path below `input` or `data`, or a function. `value` is its value, resolved. */
export function resolveWith(item: ast.With, value: Term, around: Surroundings): With | undefined {
  const path = fixedPath(item.target);
  const unsupported = (message: string, help?: string): undefined => {
    around.report('rego_unsupported', message, item.target.at, help);
    return undefined;
  };
  const [head, ...rest] = path ?? [];
  if (path === undefined || head === undefined || around.scope.find(head) !== undefined) {
    return unsupported('`with` can only replace a function or a fixed path below `input` or `data`');
  }
  const start = isRoot(head) ? [head] : around.names.globals.get(head);
  if (start === undefined) {
    const builtin = around.names.builtins.find(path.join('.'));
    if (builtin === undefined) return unsupported(`\`with\` cannot replace \`${path.join('.')}\``);
    return functionWith(item, { kind: 'builtin', builtin }, value, around, unsupported);
  }
  const [root, ...steps] = [...start, ...rest];
  if (root === 'input') return { kind: 'document', root, path: steps, value, at: item.at };
  const group = groupOnPath(steps, around.names.root);
  if (group?.isWhole === true && group.group.kind === 'function') {
    return functionWith(item, { kind: 'function', group: group.group }, value, around, unsupported);
  }
  if (group?.isWhole === false) {
    around.report(
      'rego_compile_error',
      '`with` cannot replace a part of a rule',
      item.target.at,
      `replace \`data.${group.group.path.join('.')}\` as a whole`,
    );
    return undefined;
  }
  return { kind: 'document', root: 'data', path: steps, value, at: item.at };
}

/** The names of a reference that has nothing but names. */
function fixedPath(term: ast.Term): readonly string[] | undefined {
  const head = term.kind === 'ref' ? term.head : term;
  if (head.kind !== 'name') return undefined;
  const path = [head.name];
  for (const step of term.kind === 'ref' ? term.path : []) {
    if (step.kind !== 'scalar' || typeof step.value !== 'string') return undefined;
    path.push(step.value);
  }
  return path;
}

/** The first rule on a path; `isWhole` when the path ends there. */
function groupOnPath(
  path: readonly string[],
  root: DocumentNode,
): { readonly group: RuleGroup; readonly isWhole: boolean } | undefined {
  let node: DocumentNode | undefined = root;
  for (const [i, step] of path.entries()) {
    node = node.children.get(step);
    if (node === undefined) return undefined;
    if (node.group !== undefined) return { group: node.group, isWhole: i === path.length - 1 };
  }
  return undefined;
}

function functionWith(
  item: ast.With,
  target: KnownCallee,
  value: Term,
  around: Surroundings,
  unsupported: (message: string, help?: string) => undefined,
): With | undefined {
  if (!isReplaceable(target)) return unsupported('`with` cannot replace an operator or a relation');
  const by = replacementOf(item.value, around);
  if (by === undefined) return unsupported('a function can be replaced by a value, a rule or a function');
  if (by.kind === 'callee' && calleeArity(by.callee) !== calleeArity(target)) {
    const [wanted, found] = [calleeArity(target), calleeArity(by.callee)];
    around.report(
      'rego_type_error',
      `\`with\`: the function takes ${wanted} ${wanted === 1 ? 'argument' : 'arguments'}, its replacement ${found}`,
      item.at,
    );
    return undefined;
  }
  const computed: Term = by.kind === 'value' ? value : { kind: 'scalar', value: true, at: item.at };
  return { kind: 'function', target: calleeKey(target), by, value: computed, at: item.at };
}

/** A name that means a function or a rule stands for it; anything else is a value. Undefined is outside the subset. */
function replacementOf(term: ast.Term, { names, scope }: Surroundings): Replacement | undefined {
  const path = fixedPath(term);
  const [head, ...rest] = path ?? [];
  if (path === undefined || head === undefined || scope.find(head) !== undefined) return { kind: 'value' };
  const start = isRoot(head) ? [head] : names.globals.get(head);
  if (start === undefined) {
    const builtin = names.builtins.find(path.join('.'));
    if (builtin === undefined) return names.builtins.isKnown(path.join('.')) ? undefined : { kind: 'value' };
    const callee: KnownCallee = { kind: 'builtin', builtin };
    return isReplaceable(callee) ? { kind: 'callee', callee } : undefined;
  }
  const [root, ...steps] = [...start, ...rest];
  if (root === 'input') return { kind: 'value' };
  return ruleReplacement(steps, names.root, term);
}

function ruleReplacement(
  path: readonly string[],
  root: DocumentNode,
  { at }: ast.Term,
): Replacement | undefined {
  let node: DocumentNode | undefined = root;
  for (const step of path) node = node?.children.get(step);
  if (node === undefined) return { kind: 'value' };
  const { group } = node;
  if (group === undefined || node.children.size > 0) return undefined;
  if (group.kind === 'function') return { kind: 'callee', callee: { kind: 'function', group } };
  const steps = path.map((step): Term => ({ kind: 'scalar', value: step, at }));
  return { kind: 'rule', group, ref: { kind: 'ref', root: 'data', path: steps, at } };
}
