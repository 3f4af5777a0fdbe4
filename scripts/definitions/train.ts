import {
  type DefinitionSentence,
  definitionSentences,
} from '../../packages/core/src/inspect/definition/learned/definition-sentences.ts';
import {
  type DefinitionModel,
  weighDefinition,
} from '../../packages/core/src/inspect/definition/learned/model.ts';
import { fit } from './fit.ts';
import type { LabelledDefinition } from './texts.ts';

/** A labelled definition as its sentences. */
export interface ReadDefinition {
  readonly author: string;
  readonly poisoned: boolean;
  readonly sentences: readonly DefinitionSentence[];
}

export function read(texts: readonly LabelledDefinition[]): readonly ReadDefinition[] {
  return texts.map(({ author, poisoned, tool }) => ({
    author,
    poisoned,
    sentences: definitionSentences(tool),
  }));
}

/** One unit of log-odds in whole numbers. */
const SCALE = 100;
/** Features of fewer definitions are chance. */
const FEWEST = 3;
/** Lighter weights are left out. */
const LIGHTEST = 6;

/** A model of these definitions, without thresholds. */
export function modelOf(definitions: readonly ReadDefinition[]): DefinitionModel {
  const counts = new Map<string, number>();
  for (const { sentences } of definitions) {
    const seen = new Set<string>();
    for (const { features } of sentences) for (const feature of features) seen.add(feature);
    for (const feature of seen) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  }
  const names = [...counts].filter(([, count]) => count >= FEWEST).map(([name]) => name);
  const numbers = new Map(names.map((name, number) => [name, number]));
  const fitted = fit(
    definitions.map(({ poisoned, sentences }) => ({
      poisoned,
      sentences: sentences.map(({ features }) =>
        [...features].map((feature) => numbers.get(feature) ?? -1).filter((number) => number >= 0),
      ),
    })),
    names.length,
  );
  const weights = names
    .map((name, at): [string, number] => [name, Math.round(SCALE * (fitted[at] ?? 0))])
    .filter(([, weight]) => Math.abs(weight) >= LIGHTEST);
  const bias = Math.round(SCALE * (fitted[names.length] ?? 0));
  return { scale: SCALE, bias, sure: 0, doubtful: 0, weights: new Map(weights) };
}

/** What a definition of an author weighs in the eyes of a model that has seen only the others'. */
export interface Judged {
  readonly author: string;
  readonly poisoned: boolean;
  readonly score: number;
}

/** Each definition weighed by a model of the other authors. */
export function crossJudged(definitions: readonly ReadDefinition[]): readonly Judged[] {
  return [...new Set(definitions.map(({ author }) => author))].flatMap((left) => {
    const model = modelOf(definitions.filter(({ author }) => author !== left));
    return definitions
      .filter(({ author }) => author === left)
      .map(({ author, poisoned, sentences }) => ({
        author,
        poisoned,
        score: weighDefinition(sentences, model).score,
      }));
  });
}

/**
 * Of harmless definitions that pass for poisoned, the most that are put up with. More than half of them were written
 * to be as demanding as honest ones can.
 */
const FALSE_ALARMS = { sure: 0.015, doubtful: 0.06 };

/** A model of all definitions, its thresholds from what models of the other authors made of each. */
export function train(
  definitions: readonly ReadDefinition[],
  judged: readonly Judged[] = crossJudged(definitions),
): DefinitionModel {
  const harmless = judged
    .filter(({ poisoned }) => !poisoned)
    .map(({ score }) => score)
    .sort((a, b) => b - a);
  const above = (share: number) => (harmless[Math.floor(share * harmless.length)] ?? 0) + 1;
  return {
    ...modelOf(definitions),
    sure: above(FALSE_ALARMS.sure),
    doubtful: above(FALSE_ALARMS.doubtful),
  };
}

/** The source of `trained.ts`: features with the same weight stand in one line, heaviest first. */
export function sourceOf({ scale, bias, sure, doubtful, weights }: DefinitionModel): string {
  const lines = new Map<number, string[]>();
  for (const [feature, weight] of weights) lines.set(weight, [...(lines.get(weight) ?? []), feature]);
  const written = [...lines]
    .sort(([a], [b]) => b - a)
    .map(([weight, features]) => `${weight} ${features.sort().join(' | ')}\n`);
  return `// Written by npm run train:definitions from texts/definitions. Change the texts instead.
export const TRAINED = {
  scale: ${scale},
  bias: ${bias},
  sure: ${sure},
  doubtful: ${doubtful},
  // Weight and features: see sentence-features.ts for what their signs mean.
  weights: \`
${written.join('')}\`,
};
`;
}
