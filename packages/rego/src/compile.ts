import { builtinTable } from './builtins/table.ts';
import type { HashFunctions } from './builtins/builtin.ts';
import { check } from './check/check.ts';
import { inputPathsOf } from './check/input-paths.ts';
import { didYouMean } from './check/similar.ts';
import type { DocumentNode } from './check/resolved.ts';
import type { DocumentTree } from './check/tree.ts';
import { compileDocuments } from './compile/documents.ts';
import { type Diagnostic, type Report, sortDiagnostics } from './diagnostic.ts';
import { parseModule } from './parser/module.ts';
import { type Evaluation, type EvaluationOptions, makeQuery, type Query } from './query.ts';

/** One policy file. */
export interface Source {
  /** The name that positions bear. */
  readonly file: string;
  readonly text: string;
}

export interface CompileOptions {
  /** Hash functions of the host; `crypto.*` without its function is a load error. */
  readonly hashes?: HashFunctions;
}

/** Policies that can be evaluated. */
export interface Module {
  readonly kind: 'module';
  /** Every rule that can be asked for, as `data.package.rule`. */
  readonly entrypoints: readonly string[];
  /**
   * The paths below `input` that the policies read, `'*'` for a computed step. An empty path means that they
   * read the whole input.
   */
  readonly inputPaths: readonly (readonly string[])[];
  /** The document at a path like `data.aegis.decision`; undefined when no policy defines anything there. */
  query(ref: string): Query | undefined;
  /** Evaluates one document; an unknown one is an error with the code `unknown_entrypoint`. */
  evaluate(entrypoint: string, options?: EvaluationOptions): Evaluation;
}

export type Compiled =
  | Module
  | {
      readonly kind: 'refused';
      /** Everything that is wrong, by file and position. */
      readonly diagnostics: readonly Diagnostic[];
    };

/** Compiles policies to closures; what is outside the subset or cannot work is refused with positions. */
export function compile(sources: readonly Source[], options: CompileOptions = {}): Compiled {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (code, message, at, help) => {
    diagnostics.push(help === undefined ? { code, message, at } : { code, message, at, help });
  };
  const refused = (): Compiled => ({ kind: 'refused', diagnostics: sortDiagnostics(diagnostics) });
  const hashes = options.hashes ?? {};
  const modules = sources.map(({ file, text }) => parseModule(file, text, report));
  if (diagnostics.length > 0) return refused();
  const tree = check(modules, builtinTable(hashes), report);
  if (diagnostics.length > 0) return refused();
  return makeModule(tree, hashes);
}

function makeModule(tree: DocumentTree, hashes: HashFunctions): Module {
  const documents = compileDocuments(tree.root, tree.groups);
  const queries = new Map<string, Query>();
  const entrypoints = tree.groups
    .filter((group) => group.kind !== 'function')
    .map((group) => `data.${group.path.join('.')}`)
    .sort();
  const query = (ref: string): Query | undefined => {
    const known = queries.get(ref);
    if (known !== undefined) return known;
    const path = pathOf(ref);
    if (path === undefined || !isDefined(tree.root, path)) return undefined;
    const made = makeQuery(ref, path, documents, hashes);
    queries.set(ref, made);
    return made;
  };
  return {
    kind: 'module',
    entrypoints,
    inputPaths: inputPathsOf(tree),
    query,
    evaluate(entrypoint, options) {
      const found = query(entrypoint);
      if (found !== undefined) return found.evaluate(options);
      const hint = didYouMean(entrypoint, entrypoints);
      const message = `no rule \`${entrypoint}\`${hint === undefined ? '' : `: ${hint}`}`;
      return { kind: 'error', code: 'unknown_entrypoint', message, at: undefined, steps: 0, prints: [] };
    },
  };
}

function pathOf(ref: string): readonly string[] | undefined {
  const [root, ...path] = ref.split('.');
  return root === 'data' && path.every((step) => step !== '') ? path : undefined;
}

/** A rule, a package, or something inside a rule's value. */
function isDefined(root: DocumentNode, path: readonly string[]): boolean {
  let node = root;
  for (const step of path) {
    if (node.group !== undefined && node.group.kind !== 'function') return true;
    const child = node.children.get(step);
    if (child === undefined) return false;
    node = child;
  }
  return node.group?.kind !== 'function';
}
