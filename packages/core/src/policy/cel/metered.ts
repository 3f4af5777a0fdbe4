import type { ASTNode } from '@marcbachmann/cel-js';
import { METER } from './environment.ts';
import { nodesOf } from './tree.ts';

/** Macros that run an expression for each item of a list. */
export const LOOPS: readonly string[] = ['all', 'exists', 'exists_one', 'filter', 'map'];

type Call = Extract<ASTNode, { op: 'rcall' }>;

export function loopsOf(root: ASTNode): readonly Call[] {
  return [...nodesOf(root)].filter(
    (node): node is Call => node.op === 'rcall' && LOOPS.includes(node.args[0]),
  );
}

/**
 * The expression with the meter read at the beginning of each turn of its loops: `l.all(x, p)` becomes
 * `l.all(x, __turn() ? (p) : false)`, and `l.map(x, v)` becomes `l.map(x, __turn(), v)`. Undefined where the parts of a
 * loop are not where they should be.
 */
export function metered(text: string, root: ASTNode): string | undefined {
  const inserts: { readonly at: number; readonly text: string }[] = [];
  for (const { range, args } of loopsOf(root)) {
    const [name, , [variable]] = args;
    const comma = variable === undefined ? -1 : skipSpace(text, variable.range.end);
    const end = range.end - 1;
    if (text[comma] !== ',' || text[end] !== ')') return undefined;
    if (name === 'map') inserts.push({ at: comma + 1, text: ` ${METER}(),` });
    else inserts.push({ at: comma + 1, text: ` ${METER}() ? (` }, { at: end, text: ') : false' });
  }
  inserts.sort((a, b) => b.at - a.at);
  let result = text;
  for (const { at, text: inserted } of inserts) result = result.slice(0, at) + inserted + result.slice(at);
  return result;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at++;
  return at;
}
