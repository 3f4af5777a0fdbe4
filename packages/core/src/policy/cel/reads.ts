import type { ASTNode } from '@marcbachmann/cel-js';
import type { PolicyModule } from '../module/module.ts';
import { VARIABLES } from './environment.ts';
import { nodesOf } from './tree.ts';

/**
 * The paths of the input that an expression reads. The variable of a macro that is called like one of the input counts
 * as it: too much is read then, never too little.
 */
export function readsOf(root: ASTNode): PolicyModule['reads'] {
  const reads: (readonly string[])[] = [];
  const inner = new Set<ASTNode>();
  for (const node of nodesOf(root)) {
    if (inner.has(node)) continue;
    const path = pathOf(node, inner);
    if (path?.[0] !== undefined && VARIABLES.includes(path[0])) reads.push(inputPath(path));
  }
  return reads;
}

/** The steps from a name to a node; the nodes on the way are remembered as told. */
function pathOf(node: ASTNode, told: Set<ASTNode>): readonly string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const [base, step] = node.args;
  const before = pathOf(base, told);
  if (before === undefined) return undefined;
  told.add(base);
  return [...before, typeof step === 'string' ? step : literalText(step)];
}

function literalText(step: ASTNode): string {
  return step.op === 'value' && typeof step.args === 'string' ? step.args : '*';
}

function inputPath(path: readonly string[]): readonly string[] {
  return path[0] === 'args' ? ['request', ...path] : path;
}
