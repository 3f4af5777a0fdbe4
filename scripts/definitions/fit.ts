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
  const flat = flatten(examples);
  const weights = new Float64Array(features + 1);
  const mean = new Float64Array(features + 1);
  const square = new Float64Array(features + 1);
  for (let step = 1; step <= STEPS; step++) {
    const gradient = gradientOf(flat, weights, scales);
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

/** Examples with all their features in one row, of which each sentence, and each example, is a stretch. */
interface FlatExamples {
  readonly features: Int32Array;
  /** Where each sentence ends among the features. */
  readonly sentenceEnds: Int32Array;
  /** Where each example ends among the sentences. */
  readonly exampleEnds: Int32Array;
  readonly poisoned: readonly boolean[];
  /** How much a harmless example counts, so that there are as many of both kinds. */
  readonly harmlessCounts: number;
}

function flatten(examples: readonly Example[]): FlatExamples {
  const sentences = examples.flatMap((example) => example.sentences);
  const poisoned = examples.map((example) => example.poisoned);
  const found = poisoned.filter(Boolean).length;
  let features = 0;
  let read = 0;
  return {
    features: Int32Array.from(sentences.flat()),
    sentenceEnds: Int32Array.from(sentences, ({ length }) => (features += length)),
    exampleEnds: Int32Array.from(examples, (example) => (read += example.sentences.length)),
    poisoned,
    harmlessCounts: Math.max(1, found / Math.max(1, examples.length - found)),
  };
}

function gradientOf(flat: FlatExamples, weights: Float64Array, scales: Float64Array): Float64Array {
  const { features, sentenceEnds, exampleEnds, poisoned, harmlessCounts } = flat;
  const scaled = weights.map((weight, at) => weight * (scales[at] ?? 0));
  const gradient = new Float64Array(weights.length);
  const bias = weights.length - 1;
  const sums = sumsOf(flat, scaled);
  let sentence = 0;
  for (const [i, isPoisoned] of poisoned.entries()) {
    const first = sentence;
    sentence = exampleEnds[i] ?? 0;
    if (sentence === first) continue;
    const mine = sums.subarray(first, sentence);
    const most = mine.reduce((a, b) => Math.max(a, b));
    const parts = mine.map((sum) => Math.exp(SHARPNESS * (sum - most)));
    const together = parts.reduce((a, b) => a + b);
    const score = most + Math.log(together) / SHARPNESS + (weights[bias] ?? 0);
    const error = (1 / (1 + Math.exp(-score)) - (isPoisoned ? 1 : 0)) * (isPoisoned ? 1 : harmlessCounts);
    gradient[bias] = (gradient[bias] ?? 0) + error;
    for (const [k, share] of parts.entries()) {
      const part = (error * share) / together;
      if (Math.abs(part) < 1e-6) continue;
      const end = sentenceEnds[first + k] ?? 0;
      for (let at = sentenceEnds[first + k - 1] ?? 0; at < end; at++) {
        const feature = features[at] ?? 0;
        gradient[feature] = (gradient[feature] ?? 0) + part * (scales[feature] ?? 0);
      }
    }
  }
  return gradient;
}

/** What each sentence weighs. */
function sumsOf({ features, sentenceEnds }: FlatExamples, scaled: Float64Array): Float64Array {
  const sums = new Float64Array(sentenceEnds.length);
  let at = 0;
  for (let sentence = 0; sentence < sums.length; sentence++) {
    let sum = 0;
    for (const end = sentenceEnds[sentence] ?? 0; at < end; at++) sum += scaled[features[at] ?? 0] ?? 0;
    sums[sentence] = sum;
  }
  return sums;
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
