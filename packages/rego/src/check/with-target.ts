import type * as ast from '../ast.ts';
import type { Report } from '../diagnostic.ts';
import { isRoot, type ModuleNames } from './names.ts';
import type { DocumentNode } from './resolved.ts';
import type { Scope } from './scope.ts';

export interface WithPlace {
  readonly root: 'input' | 'data';
  readonly path: readonly string[];
}

/** What a `with` replaces: a path below `input` or `data`; anything else is outside the subset. */
export function resolveWith(
  target: ast.Term,
  names: ModuleNames,
  scope: Scope,
  report: Report,
): WithPlace | undefined {
  const head = target.kind === 'ref' ? target.head : target;
  const steps = target.kind === 'ref' ? target.path : [];
  const unsupported = (): undefined => {
    report(
      'rego_unsupported',
      '`with` can only replace a fixed path below `input` or `data`',
      target.at,
      'built-ins and functions cannot be replaced; hand in time and facts as input',
    );
    return undefined;
  };
  if (head.kind !== 'name' || scope.find(head.name) !== undefined) return unsupported();
  const start = isRoot(head.name) ? [head.name] : names.globals.get(head.name);
  if (start === undefined) return unsupported();
  const path = [...start];
  for (const step of steps) {
    if (step.kind !== 'scalar' || typeof step.value !== 'string') return unsupported();
    path.push(step.value);
  }
  if (path[0] === 'input') return { root: 'input', path: path.slice(1) };
  return dataTarget(path.slice(1), target, names, unsupported, report);
}

function dataTarget(
  path: readonly string[],
  target: ast.Term,
  names: ModuleNames,
  unsupported: () => undefined,
  report: Report,
): WithPlace | undefined {
  let node: DocumentNode | undefined = names.root;
  for (const [i, step] of path.entries()) {
    node = node.children.get(step);
    if (node === undefined) break;
    if (node.group?.kind === 'function') return unsupported();
    if (node.group !== undefined && i < path.length - 1) {
      report(
        'rego_compile_error',
        '`with` cannot replace a part of a rule',
        target.at,
        `replace \`data.${node.group.path.join('.')}\` as a whole`,
      );
      return undefined;
    }
  }
  return { root: 'data', path };
}
