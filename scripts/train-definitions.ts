// Writes packages/core/src/inspect/definition/learned/trained.ts, the weights with which definitions of tools are
// judged, and says how well models find poisoned definitions of authors whom they have not seen.
//
//   npm run train:definitions
import { writeFileSync } from 'node:fs';
import { labelledDefinitions } from './definitions/texts.ts';
import { crossJudged, read, sourceOf, train } from './definitions/train.ts';

const definitions = read(labelledDefinitions());
const judged = crossJudged(definitions);
const model = train(definitions, judged);
const source = sourceOf(model);
writeFileSync(new URL('../packages/core/src/inspect/definition/learned/trained.ts', import.meta.url), source);

for (const author of new Set(judged.map((one) => one.author))) {
  const share = (poisoned: boolean) => {
    const mine = judged.filter((one) => one.author === author && one.poisoned === poisoned);
    return `${mine.filter(({ score }) => score >= model.sure).length} of ${mine.length}`;
  };
  process.stdout.write(
    `${author}, unseen: ${share(true)} poisoned found, ${share(false)} harmless stopped\n`,
  );
}
process.stdout.write(`${model.weights.size} weights, ${Buffer.byteLength(source)} bytes\n`);
