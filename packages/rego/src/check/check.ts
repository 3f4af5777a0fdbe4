import type { Module } from '../ast.ts';
import type { BuiltinTable } from '../builtins/table.ts';
import type { Report } from '../diagnostic.ts';
import { checkMocks } from './mocks.ts';
import { moduleNames } from './names.ts';
import { checkRecursion } from './recursion.ts';
import { resolveRule } from './resolve.ts';
import type { RuleGroup } from './resolved.ts';
import { makeSafe } from './safety.ts';
import { buildTree, type DocumentTree } from './tree.ts';
import { checkTypes } from './types.ts';

/** Turns parsed modules into rules that can be compiled; everything wrong with them is reported. */
export function check(modules: readonly Module[], builtins: BuiltinTable, report: Report): DocumentTree {
  const tree = buildTree(modules, report);
  const names = new Map(
    modules.map((module) => [module, moduleNames(module, modules, tree.root, builtins, report)] as const),
  );
  for (const placed of tree.rules) {
    const known = names.get(placed.module);
    if (known !== undefined) resolveRule(placed, known, report);
  }
  checkRecursion(tree, report);
  checkMocks(tree, report);
  for (const group of tree.groups) makeGroupSafe(group, report);
  return tree;
}

function makeGroupSafe(group: RuleGroup, report: Report): void {
  for (const [i, definition] of group.definitions.entries()) {
    const branches = definition.branches.map((branch) => makeSafe(branch, report));
    group.definitions[i] = { ...definition, branches };
    for (const branch of branches) checkTypes(branch, report);
  }
  if (group.fallback !== undefined) {
    group.fallback = makeSafe(group.fallback, report);
    checkTypes(group.fallback, report);
  }
}
