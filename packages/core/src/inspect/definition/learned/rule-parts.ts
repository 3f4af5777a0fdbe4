import { CONSENT_RULES } from '../intents/consent.ts';
import { HARM_RULES } from '../intents/harm.ts';
import type { IntentRule } from '../intents/intent-rule.ts';
import { LEAKS_RULES } from '../intents/leaks.ts';
import { MEDDLING_RULES } from '../intents/meddling.ts';
import { RANK_RULES } from '../intents/rank.ts';
import { SECRECY_RULES } from '../intents/secrecy.ts';
import { ORDERS } from '../orders.ts';

/** A pattern of a rule by itself: what it sees counts where the rule as a whole does not hold. */
export interface RulePart {
  readonly name: string;
  readonly pattern: RegExp;
}

const FAMILIES: Readonly<Record<string, readonly IntentRule[]>> = {
  leaks: LEAKS_RULES,
  secrecy: SECRECY_RULES,
  consent: CONSENT_RULES,
  meddling: MEDDLING_RULES,
  rank: RANK_RULES,
  harm: HARM_RULES,
};

export const RULE_PARTS: readonly RulePart[] = (() => {
  const patterns = new Map<string, RulePart>();
  const add = (name: string, pattern: RegExp) => {
    if (!patterns.has(pattern.source)) patterns.set(pattern.source, { name, pattern });
  };
  for (const [family, rules] of Object.entries(FAMILIES)) {
    for (const [i, { every, unless }] of rules.entries()) {
      for (const [j, pattern] of every.entries()) add(`rule:${family}/${i}.${j}`, pattern);
      if (unless !== undefined) add(`rule:${family}/${i}.unless`, unless);
    }
  }
  for (const [i, { pattern }] of ORDERS.entries()) add(`rule:orders/${i}`, pattern);
  return [...patterns.values()];
})();
