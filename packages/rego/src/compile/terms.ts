import { fork, useTerm } from '../check/binding.ts';
import type { Local, Term } from '../check/resolved.ts';
import type { Getter, Step } from '../evaluate/context.ts';
import type { Lowering } from './lowering.ts';

/**
 * Goes on once for each combination of values. A term that needs what another one binds comes after it, as in
 * `x == input.list[x]`; otherwise the first term is the outermost loop.
 */
export function lowerTerms(
  terms: readonly Term[],
  lowering: Lowering,
  then: (values: readonly Getter[]) => Step,
): Step {
  const lowerRest = (waiting: readonly number[], values: ReadonlyMap<number, Getter>): Step => {
    const index = waiting.find((i) => isReady(terms[i], lowering)) ?? waiting[0];
    const term = index === undefined ? undefined : terms[index];
    if (index === undefined || term === undefined) {
      return then(terms.map((_, i) => values.get(i) ?? UNDEFINED));
    }
    return lowering.compiler.lower(term, lowering, (value) =>
      lowerRest(
        waiting.filter((i) => i !== index),
        new Map(values).set(index, value),
      ),
    );
  };
  return lowerRest([...terms.keys()], new Map());
}

const UNDEFINED: Getter = () => undefined;

function isReady(term: Term | undefined, lowering: Lowering): boolean {
  if (term === undefined) return false;
  const unsafe: Local[] = [];
  useTerm(term, fork(lowering.bindings), unsafe);
  return unsafe.length === 0;
}
