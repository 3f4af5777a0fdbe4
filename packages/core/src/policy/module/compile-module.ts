import type { DecisionInput } from '../../decide/input.ts';
import { type ModuleAnswer, readAnswer, unanswered } from './answer.ts';
import { compileDocument } from './document.ts';
import type { Evaluated, ModuleInput, PolicyModule } from './module.ts';

/** A module that can be asked about a call. */
export interface CompiledModule {
  readonly rule: string;
  readonly digest: string;
  readonly ask: (input: DecisionInput) => ModuleAnswer;
  /** What it has to be asked before `ask`; absent for one that answers at once. */
  readonly question?: (input: DecisionInput) => ModuleInput;
}

export function compileModule({ rule, digest, reads, evaluate }: PolicyModule): CompiledModule {
  const document = compileDocument(reads);
  const answer = (evaluated: Evaluated): ModuleAnswer =>
    evaluated.kind === 'value' || evaluated.kind === 'objections'
      ? readAnswer(rule, evaluated)
      : unanswered(rule, evaluated);
  if (evaluate !== undefined) {
    return { rule, digest, ask: (input) => answer(evaluate(document(input), input.request.nowMs)) };
  }
  return {
    rule,
    digest,
    question: document,
    // SECURITY: no answer is no consent.
    ask: ({ opinions }) => answer(opinions?.get(rule) ?? NOT_ASKED),
  };
}

const NOT_ASKED: Evaluated = { kind: 'fault', message: 'it was not asked about this call' };
