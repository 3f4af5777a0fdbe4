// Writes schema/vectors/merkle.json and checkpoint.json: what every implementation of the log must agree on.
// The trees come from RFC 6962's own recursion and the texts from templates, not from the code under test.
//
//   npm run vectors
import { writeFileSync } from 'node:fs';
import { checkpointVectors } from './vectors/checkpoint.ts';
import { merkleVectors } from './vectors/merkle.ts';

for (const [name, vectors] of Object.entries({ merkle: merkleVectors(), checkpoint: checkpointVectors() })) {
  writeFileSync(
    new URL(`../schema/vectors/${name}.json`, import.meta.url),
    `${JSON.stringify(vectors, null, 2)}\n`,
  );
}
process.stdout.write('schema/vectors/merkle.json and checkpoint.json\n');
