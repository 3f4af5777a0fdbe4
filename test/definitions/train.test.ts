import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labelledDefinitions } from '../../scripts/definitions/texts.ts';
import { crossJudged, read, sourceOf, train } from '../../scripts/definitions/train.ts';

const FILE = new URL('../../packages/core/src/inspect/definition/learned/trained.ts', import.meta.url);

describe('the trained weights of definitions', () => {
  it('are what the texts make of them, byte for byte', () => {
    const definitions = read(labelledDefinitions());
    const source = sourceOf(train(definitions, crossJudged(definitions)));
    expect(source === readFileSync(FILE, 'utf8'), 'run npm run train:definitions').toBe(true);
    expect(source.length).toBeLessThan(200_000);
  }, 180_000);

  it('come from several authors of both kinds', () => {
    const texts = labelledDefinitions();
    for (const author of new Set(texts.map((text) => text.author))) {
      for (const poisoned of [true, false]) {
        const mine = texts.filter((text) => text.author === author && text.poisoned === poisoned);
        expect(mine.length, `${author}, ${poisoned ? 'poisoned' : 'harmless'}`).toBeGreaterThan(50);
      }
    }
  });
});
