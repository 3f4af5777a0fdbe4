import type { Finding } from '../../../model/finding.ts';
import type { JsonObject } from '../../../model/json.ts';
import { definitionSentences } from './definition-sentences.ts';
import { type DefinitionModel, weighDefinition, weightsFrom } from './model.ts';
import { TRAINED } from './trained.ts';

/**
 * Definitions that read like poisoned ones although no single phrase gives them away: a linear model, trained on
 * definitions written for it (`texts/definitions`), weighs each sentence. What it is sure of is severe, what it has
 * doubts about a hint. Takes time linear in the definition.
 */
export function findPoisonedWords(tool: JsonObject): readonly Finding[] {
  model ??= { ...TRAINED, weights: weightsFrom(TRAINED.weights) };
  const { score, at, because } = weighDefinition(definitionSentences(tool), model);
  if (score < model.doubtful) return [];
  const percent = Math.round(100 / (1 + Math.exp(-score / model.scale)));
  const severity = score >= model.sure ? 'high' : 'medium';
  const message = `reads like a poisoned definition (${percent} of 100): ${because.join(', ')}`;
  return [{ id: 'definition.poisoned_words', at, severity, message }];
}

let model: DefinitionModel | undefined;
