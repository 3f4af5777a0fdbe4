import { parseCondition } from './cel/parse-condition.ts';
import type { CompiledPolicy } from './compile.ts';
import type { AskedSettings } from './formats/asked-settings.ts';
import type { Rule } from './rule.ts';

/** Changes with the form of what is written. */
export const POLICY_SNAPSHOT = 'aegis.dev/policy-snapshot/v1';

/** The rules of a policy as they were read: what texts need not be read again for. */
export interface PolicySnapshot {
  /** The policy's own. */
  readonly rules: readonly Rule[];
  readonly asked: readonly AskedSettings[];
  /** The rules of each layer, by its name, and called as they are there. */
  readonly layers: ReadonlyMap<string, readonly Rule[]>;
}

/** The rules of a policy as a text, those of the file `without` left out. */
export function formatPolicySnapshot(policy: CompiledPolicy, without: string | undefined): string {
  const written = (rules: CompiledPolicy['compiled']): unknown[] =>
    rules.flatMap(({ rule }) =>
      rule.at.file === without ? [] : [{ ...rule, condition: rule.condition?.text }],
    );
  const layers = policy.layers.map(({ name, policy: own }) => [name, written(own.compiled)]);
  return JSON.stringify({ rules: written(policy.compiled), asked: policy.asked, layers });
}

/**
 * The rules again. Nothing is checked but the conditions, which are compiled anew: the text must be one that
 * `formatPolicySnapshot` wrote. Throws for another one.
 */
export function readPolicySnapshot(text: string): PolicySnapshot {
  const { rules, asked, layers } = JSON.parse(text) as {
    readonly rules: readonly WrittenRule[];
    readonly asked: readonly AskedSettings[];
    readonly layers: readonly (readonly [string, readonly WrittenRule[]])[];
  };
  return {
    rules: rules.map(ruleOf),
    asked,
    layers: new Map(layers.map(([name, own]): [string, readonly Rule[]] => [name, own.map(ruleOf)])),
  };
}

type WrittenRule = Omit<Rule, 'condition'> & { readonly condition: string | undefined };

function ruleOf(written: WrittenRule): Rule {
  const { condition } = written;
  if (condition === undefined) return written as Rule;
  const parsed = parseCondition(condition);
  if (!('evaluate' in parsed)) throw new TypeError(`\`${condition}\` is not a condition`);
  return { ...written, condition: parsed };
}
