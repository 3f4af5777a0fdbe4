import { globProblem, type ModelBudget } from '@aegis/core';
import type { Report } from './routes.ts';
import type { ConfigurationFile } from './schema.ts';

/** Reads what a session may spend on models, where that is limited. */
export function readModels(
  { limits = {}, prices = [] }: Pick<ConfigurationFile, 'limits' | 'prices'>,
  report: Report,
): { readonly models?: ModelBudget } {
  const { max_model_calls: maxCalls, max_tokens: maxTokens, max_cost: maxCost } = limits;
  prices.forEach(({ model }, index) => {
    const problem = globProblem(model);
    if (problem !== undefined) report('bad-pattern', ['prices', index, 'model'], problem);
  });
  if (maxCost !== undefined && prices.length === 0) {
    report(
      'bad-value',
      ['limits', 'max_cost'],
      'no model has a price',
      'say in `[[prices]]` what models cost',
    );
  }
  if (maxCost === undefined && prices.length > 0) {
    report('no-effect', ['prices'], '`prices` has an effect with `max_cost` under `[limits]` alone');
  }
  if (maxCalls === undefined && maxTokens === undefined && maxCost === undefined) return {};
  return {
    models: {
      prices,
      ...(maxCalls === undefined ? {} : { maxCalls }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(maxCost === undefined ? {} : { maxCost }),
    },
  };
}
