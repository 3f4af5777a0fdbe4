import type * as ast from '../ast.ts';
import type { Position, Report } from '../diagnostic.ts';
import type { BuiltinTable } from '../builtins/table.ts';
import type { DocumentNode, RefTerm, Term } from './resolved.ts';

/** What the names of one module mean outside of bodies. */
export interface ModuleNames {
  readonly module: ast.Module;
  /** Rule names of the package and import aliases, as paths from `data` or `input`. */
  readonly globals: ReadonlyMap<string, readonly string[]>;
  readonly root: DocumentNode;
  readonly builtins: BuiltinTable;
}

const ROOTS = new Set(['input', 'data']);

export function isRoot(name: string): name is 'input' | 'data' {
  return ROOTS.has(name);
}

/** Collects the global names of a module; an import that hides another is reported. */
export function moduleNames(
  module: ast.Module,
  modules: readonly ast.Module[],
  root: DocumentNode,
  builtins: BuiltinTable,
  report: Report,
): ModuleNames {
  const globals = new Map<string, readonly string[]>();
  const packagePath = module.path.join('\0');
  for (const other of modules) {
    if (other.path.join('\0') !== packagePath) continue;
    for (const rule of other.rules) {
      globals.set(rule.name, ['data', ...module.path, rule.name]);
      if (other === module && isRoot(rule.name)) {
        report(
          'rego_compile_error',
          `rules must not shadow \`${rule.name}\``,
          rule.at,
          'use a different rule name',
        );
      }
    }
  }
  const aliases = new Set<string>();
  for (const { path, alias, at } of module.imports) {
    if (aliases.has(alias)) report('rego_compile_error', `import must not shadow import \`${alias}\``, at);
    if (isRoot(alias) && path.length > 1) {
      report('rego_compile_error', `import must not shadow \`${alias}\``, at);
    }
    aliases.add(alias);
    globals.set(alias, path);
  }
  return { module, globals, root, builtins };
}

/** What a global name stands for. */
export function globalRef([root, ...steps]: readonly string[], at: Position): RefTerm {
  const path = steps.map((step): Term => ({ kind: 'scalar', value: step, at }));
  return { kind: 'ref', root: root === 'input' ? 'input' : 'data', path, at };
}
