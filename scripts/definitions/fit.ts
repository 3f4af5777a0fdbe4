import { SHARPNESS } from '../../packages/core/src/inspect/definition/learned/model.ts';

/** An example: the features of each of its sentences, by number. */
export interface Example {
  readonly poisoned: boolean;
  readonly sentences: readonly (readonly number[])[];
}

const STEPS = 120;
const RATE = 0.05;
/** Of the squares of the weights. */
const PENALTY = 2;

/**
 * Logistic regression over the log-sum-exp of the sentences of each example, with a penalty on squares, by Adam from
 * zero: the last weight is the bias. Every feature is scaled by how unlike its shares of poisoned and harmless
 * examples are (Wang and Manning 2012), so that common features do not drown the telling ones. The same examples in
 * the same order give the same weights.
 */
export function fit(examples: readonly Example[], features: number): Float64Array {
  const scales = scalesOf(examples, features);
  const weights = new Float64Array(features + 1);
  const mean = new Float64Array(features + 1);
  const square = new Float64Array(features + 1);
  const poisoned = examples.filter((example) => example.poisoned).length;
  const harmlessCounts = Math.max(1, poisoned / Math.max(1, examples.length - poisoned));
  for (let step = 1; step <= STEPS; step++) {
    const gradient = new Float64Array(features + 1);
    for (const example of examples) {
      addGradient(gradient, example, weights, scales, example.poisoned ? 1 : harmlessCounts);
    }
    const rate = RATE * (step > STEPS * 0.6 ? 0.3 : 1);
    for (let at = 0; at <= features; at++) {
      const slope = (gradient[at] ?? 0) + (at < features ? PENALTY * (weights[at] ?? 0) : 0);
      mean[at] = 0.9 * (mean[at] ?? 0) + 0.1 * slope;
      square[at] = 0.999 * (square[at] ?? 0) + 0.001 * slope * slope;
      const first = (mean[at] ?? 0) / (1 - 0.9 ** step);
      const second = (square[at] ?? 0) / (1 - 0.999 ** step);
      weights[at] = (weights[at] ?? 0) - (rate * first) / (Math.sqrt(second) + 1e-8);
    }
  }
  return weights.map((weight, at) => weight * (scales[at] ?? 1));
}

function addGradient(
  gradient: Float64Array,
  { poisoned, sentences }: Example,
  weights: Float64Array,
  scales: Float64Array,
  counts: number,
): void {
  if (sentences.length === 0) return;
  const sums = sentences.map((sentence) =>
    sentence.reduce((sum, feature) => sum + (weights[feature] ?? 0) * (scales[feature] ?? 0), 0),
  );
  const most = Math.max(...sums);
  const rest = sums.reduce((total, sum) => total + Math.exp(SHARPNESS * (sum - most)), 0);
  const score = most + Math.log(rest) / SHARPNESS + (weights.at(-1) ?? 0);
  const error = (1 / (1 + Math.exp(-score)) - (poisoned ? 1 : 0)) * counts;
  const bias = weights.length - 1;
  gradient[bias] = (gradient[bias] ?? 0) + error;
  for (const [i, sentence] of sentences.entries()) {
    const part = (error * Math.exp(SHARPNESS * ((sums[i] ?? 0) - most))) / rest;
    if (Math.abs(part) < 1e-6) continue;
    for (const feature of sentence) {
      gradient[feature] = (gradient[feature] ?? 0) + part * (scales[feature] ?? 0);
    }
  }
}

const LARGEST_SCALE = 2;
/** How far features are told apart by that; 0 would be not at all. */
const CONTRAST = 0.7;

function scalesOf(examples: readonly Example[], features: number): Float64Array {
  const counts = { poisoned: new Float64Array(features), harmless: new Float64Array(features) };
  let poisoned = 0;
  for (const example of examples) {
    if (example.poisoned) poisoned++;
    const kind = example.poisoned ? counts.poisoned : counts.harmless;
    for (const feature of new Set(example.sentences.flat())) kind[feature] = (kind[feature] ?? 0) + 1;
  }
  const harmless = examples.length - poisoned;
  const scales = new Float64Array(features + 1).fill(1);
  for (let at = 0; at < features; at++) {
    const inPoisoned = ((counts.poisoned[at] ?? 0) + 1) / (poisoned + 2);
    const inHarmless = ((counts.harmless[at] ?? 0) + 1) / (harmless + 2);
    scales[at] = Math.min(LARGEST_SCALE, Math.abs(Math.log(inPoisoned / inHarmless))) ** CONTRAST;
  }
  return scales;
}
