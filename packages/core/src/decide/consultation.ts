import { decide } from '../decide.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { ModuleQuestion } from '../policy/module/module.ts';
import type { DecisionInput } from './input.ts';

/**
 * What has to be asked, and waited for, before a call is decided: nothing for a policy whose modules answer at once, and
 * nothing about a call that is denied whatever they say.
 */
export function questionsOf(policy: CompiledPolicy, input: DecisionInput): readonly ModuleQuestion[] {
  const awaited = policy.modules.filter(({ question }) => question !== undefined);
  if (awaited.length === 0) return [];
  const others = policy.modules.filter(({ question }) => question === undefined);
  if (decide({ ...policy, modules: others }, input).effect === 'deny') return [];
  return awaited.flatMap(({ rule, question }) =>
    question === undefined ? [] : [{ rule, input: question(input) }],
  );
}
