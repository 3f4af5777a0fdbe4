import type { DecisionInput } from '../../decide/input.ts';
import { type ModuleAnswer, readAnswer, unanswered } from './answer.ts';
import { compileDocument } from './document.ts';
import type { PolicyModule } from './module.ts';

/** A module that can be asked about a call. */
export interface CompiledModule {
  readonly rule: string;
  readonly digest: string;
  readonly ask: (input: DecisionInput) => ModuleAnswer;
}

export function compileModule({ rule, digest, reads, evaluate }: PolicyModule): CompiledModule {
  const document = compileDocument(reads);
  return {
    rule,
    digest,
    ask: (input) => {
      const evaluated = evaluate(document(input), input.request.nowMs);
      return evaluated.kind === 'value' ? readAnswer(rule, evaluated.value) : unanswered(rule, evaluated);
    },
  };
}
