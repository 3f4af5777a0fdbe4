import { globTest, parseGlob } from '../policy/glob.ts';
import { quote } from '../policy/quote.ts';
import type { ModelUsage, Snapshot } from '../session/snapshot.ts';

/** What a million tokens of a model cost, in whatever unit `maxCost` has. */
export interface ModelPrice {
  /** Glob on the name of the model. */
  readonly model: string;
  readonly input: number;
  readonly output: number;
}

/** What a session may spend on models. Absent members are not limited. */
export interface ModelBudget {
  readonly maxCalls?: number;
  /** Of input and output together. */
  readonly maxTokens?: number;
  readonly maxCost?: number;
  /** The first one that fits counts. */
  readonly prices: readonly ModelPrice[];
}

type Spent = Pick<Snapshot, 'modelCalls' | 'modelUsage'>;

/** What of a budget is spent, in words: `all 12 calls of models`; undefined while something is left. */
export function spentOnModels(
  { maxCalls, maxTokens, maxCost, prices }: ModelBudget,
  { modelCalls, modelUsage }: Spent,
): string | undefined {
  if (maxCalls !== undefined && modelCalls >= maxCalls) return `all ${maxCalls} calls of models`;
  if (maxTokens !== undefined && tokensOf(modelUsage) >= maxTokens) return `all ${maxTokens} tokens`;
  if (maxCost === undefined) return undefined;
  const unpriced = modelUsage.find(({ model }) => priceOf(prices, model) === undefined);
  // SECURITY: what has no price is not free.
  if (unpriced !== undefined)
    return `the model ${quote(unpriced.model)}, which has no price, and a budget has to be kept`;
  return costOf(prices, modelUsage) >= maxCost ? `its ${maxCost} for models` : undefined;
}

/** What models have cost; those without a price cost nothing here. */
export function costOf(prices: readonly ModelPrice[], usage: readonly ModelUsage[]): number {
  let millionths = 0;
  for (const { model, inputTokens, outputTokens } of usage) {
    const price = priceOf(prices, model);
    if (price !== undefined) millionths += inputTokens * price.input + outputTokens * price.output;
  }
  return millionths / 1_000_000;
}

export function tokensOf(usage: readonly ModelUsage[]): number {
  return usage.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
}

function priceOf(prices: readonly ModelPrice[], name: string): ModelPrice | undefined {
  return prices.find(({ model }) => {
    const glob = parseGlob(model);
    return glob !== undefined && globTest(glob)(name);
  });
}
