import { dirname, join, normalize } from 'node:path/posix';

/** Source text by path from the repository's root. */
export type Sources = ReadonlyMap<string, string>;

export interface Import {
  readonly from: string;
  readonly line: number;
  /** As written. */
  readonly specifier: string;
  /** Path from the root for a relative import, else undefined. */
  readonly target: string | undefined;
}

const IMPORT =
  /(?<!['"`.\w])from\s*(['"])([^'"\n]+)\1|\bimport\s*\(\s*(['"])([^'"\n]+)\3|^\s*import\s+(['"])([^'"\n]+)\5|\b(?:require|getBuiltinModule|createRequire\([^()]*\))\s*\(\s*(['"])([^'"\n]+)\7/gm;

/** Every static and dynamic import of a file. */
export function importsOf(path: string, text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(IMPORT)) {
    const specifier = match[2] ?? match[4] ?? match[6] ?? match[8] ?? '';
    const line = text.slice(0, match.index).split('\n').length + (match[0].startsWith('\n') ? 1 : 0);
    const target = specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : undefined;
    found.push({ from: path, line, specifier, target });
  }
  return found;
}

/** The first cycle among the files, as a path that ends where it began; undefined when there is none. */
export function findCycle(sources: Sources): readonly string[] | undefined {
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): readonly string[] | undefined => {
    if (done.has(path) || !sources.has(path)) return undefined;
    const at = trail.indexOf(path);
    if (at >= 0) return [...trail.slice(at), path];
    trail.push(path);
    for (const { target } of importsOf(path, sources.get(path) ?? '')) {
      const cycle = target === undefined ? undefined : visit(target);
      if (cycle !== undefined) return cycle;
    }
    trail.pop();
    done.add(path);
    return undefined;
  };
  for (const path of sources.keys()) {
    const cycle = visit(path);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
