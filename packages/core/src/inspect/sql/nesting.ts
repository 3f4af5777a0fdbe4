import type { Token } from './lexed/lexer.ts';

/** Deepest parse tree that a parser is asked for. Written queries stay far below. */
export const MAX_NESTING = 1500;

/**
 * An upper bound of the depth of the parse tree: tokens since the last comma, added up over the open
 * parentheses. Items of a list do not nest in each other, everything else may (`1+1+1`, `NOT NOT x`).
 *
 * SECURITY: a native parser that runs out of stack leaves its memory in an unknown state, so texts that
 * could do that never reach it.
 */
export function nestingBound(tokens: readonly Token[]): number {
  const open = [0];
  let sum = 0;
  let highest = 0;
  for (const { kind } of tokens) {
    const top = open.length - 1;
    if (kind === '(') {
      open.push(0);
    } else if (kind === ')' && top > 0) {
      sum -= open.pop() ?? 0;
    } else if (kind === ',' || kind === ';') {
      sum -= open[top] ?? 0;
      open[top] = 0;
      continue;
    }
    const level = open.length - 1;
    open[level] = (open[level] ?? 0) + 1;
    sum++;
    if (sum > highest) highest = sum;
  }
  return highest;
}
