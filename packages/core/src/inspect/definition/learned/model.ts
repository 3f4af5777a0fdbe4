import type { DefinitionSentence } from './definition-sentences.ts';

/** A linear model over the features of sentences, in whole numbers. */
export interface DefinitionModel {
  /** So much is one unit of log-odds. */
  readonly scale: number;
  readonly bias: number;
  /** From this score on a definition is taken for poisoned. */
  readonly sure: number;
  /** From this score on it is worth a second look. */
  readonly doubtful: number;
  readonly weights: ReadonlyMap<string, number>;
}

/** What a definition weighs, and the sentence and words that weighed most. */
export interface DefinitionWeight {
  readonly score: number;
  /** RFC 6901 JSON pointer of the text with the heaviest sentence. */
  readonly at: string;
  /** The words and turns of that sentence that speak most against it, heaviest first. */
  readonly because: readonly string[];
}

/**
 * Weighs a definition by its heaviest sentences: log-sum-exp of the weights of all of them, so that honest sentences
 * around a poisoned one take next to nothing away. Takes time linear in the features.
 */
export function weighDefinition(
  sentences: readonly DefinitionSentence[],
  { weights, scale, bias }: DefinitionModel,
): DefinitionWeight {
  let heaviest = { weight: Number.NEGATIVE_INFINITY, sentence: NOTHING };
  const all: number[] = [];
  for (const sentence of sentences) {
    let weight = 0;
    for (const feature of sentence.features) weight += weights.get(feature) ?? 0;
    all.push(weight);
    if (weight > heaviest.weight) heaviest = { weight, sentence };
  }
  if (all.length === 0) return { score: Number.MIN_SAFE_INTEGER, at: '', because: [] };
  const together = all.reduce(
    (sum, weight) => sum + Math.exp((SHARPNESS * (weight - heaviest.weight)) / scale),
    0,
  );
  return {
    score: Math.round(
      bias +
        heaviest.weight +
        (scale / SHARPNESS) * Math.log(Math.min(together, MOST_TOGETHER)) -
        scale * allowanceOf(all.length),
    ),
    at: heaviest.sentence.at,
    because: reasonsOf(heaviest.sentence, weights),
  };
}

/** How much the heaviest sentence counts more than the others together: infinite would be it alone. */
export const SHARPNESS = 2;
/** So many sentences as heavy as the heaviest add to it: a long definition is not poisoned by its length. */
const MOST_TOGETHER = 5;

/**
 * Of many sentences one looks suspicious by chance: what a long definition has to weigh more, in log-odds. It is
 * bounded, or sentences to fill up with would hide a poisoned one.
 */
function allowanceOf(sentences: number): number {
  return ALLOWANCE * Math.log(Math.min(MANY, Math.max(FEW, sentences)) / FEW);
}

const ALLOWANCE = 0.5;
const FEW = 6;
const MANY = 32;
const NOTHING: DefinitionSentence = { at: '', features: new Set() };
const MOST_REASONS = 6;
/** What tells a person nothing. */
const NO_REASON = /^(?:rule|at|mood):|^first$/;

function reasonsOf(
  { features }: DefinitionSentence,
  weights: ReadonlyMap<string, number>,
): readonly string[] {
  return [...features]
    .map((feature) => ({ feature, weight: weights.get(feature) ?? 0 }))
    .filter(({ feature, weight }) => weight > 0 && !NO_REASON.test(feature))
    .sort((a, b) => b.weight - a.weight || (a.feature < b.feature ? -1 : 1))
    .slice(0, MOST_REASONS)
    .map(({ feature }) => feature);
}

/** Reads weights as they are written: lines of a weight and the features that have it, apart by ` | `. */
export function weightsFrom(lines: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const line of lines.split('\n')) {
    const end = line.indexOf(' ');
    if (end === -1) continue;
    const weight = Number(line.slice(0, end));
    for (const feature of line.slice(end + 1).split(' | ')) weights.set(feature, weight);
  }
  return weights;
}
