import type { Body, Branch, Term } from './resolved.ts';
import type { DocumentTree } from './tree.ts';
import { literalTerms } from './variables.ts';

/**
 * The paths below `input` that rules read, as far as they are fixed: `['tool', 'name']`; `'*'` stands for a step
 * that is computed. An empty path means that the whole input is read. A path under another is left out.
 */
export function inputPathsOf(tree: DocumentTree): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  const term = (item: Term): void => {
    switch (item.kind) {
      case 'scalar':
      case 'local':
        return;
      case 'ref':
        if (item.root === 'input') {
          const path = item.path.map((step) => (step.kind === 'scalar' ? String(step.value) : '*'));
          found.set(path.join('\0'), path);
        } else if (item.root !== 'data') {
          term(item.root);
        }
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
  for (const group of tree.groups) {
    for (const definition of group.definitions) definition.branches.forEach(branch);
  }
  return withoutCovered([...found.values()]);
}

function withoutCovered(paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const covers = (short: readonly string[], long: readonly string[]): boolean =>
    short.length < long.length && short.every((step, i) => step === long[i]);
  return paths
    .filter((path) => !paths.some((other) => covers(other, path)))
    .sort((a, b) => (a.join('\0') < b.join('\0') ? -1 : 1));
}
