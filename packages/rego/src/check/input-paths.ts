import type { DocumentTree } from './tree.ts';
import { walkGroup } from './walk.ts';

/**
 * The paths below `input` that rules read, as far as they are fixed: `['tool', 'name']`; `'*'` stands for a step
 * that is computed. An empty path means that the whole input is read. A path under another is left out.
 */
export function inputPathsOf(tree: DocumentTree): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  for (const group of tree.groups) {
    walkGroup(group, {
      ref: ({ root, path }) => {
        if (root !== 'input') return;
        const steps = path.map((step) => (step.kind === 'scalar' ? String(step.value) : '*'));
        found.set(steps.join('\0'), steps);
      },
    });
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
