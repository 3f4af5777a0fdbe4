import { lowerBody } from './literal.ts';
import type { Compiler } from './lowering.ts';
import { matchTerm } from './match.ts';
import { lowerTerm, termGetter } from './term.ts';

export const COMPILER: Compiler = {
  getter: termGetter,
  lower: lowerTerm,
  match: matchTerm,
  body: (body, lowering, then) => lowerBody(body, lowering, then),
};
