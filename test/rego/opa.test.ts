import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { markOf, questions, RECORDED, type RecordedAnswers } from './answers.ts';

describe('decide.rego and the real OPA', () => {
  it('give the same answer to 4,000 calls', async () => {
    const recorded = JSON.parse(readFileSync(RECORDED, 'utf8')) as RecordedAnswers;
    const { inputs, ours, digest } = await questions();
    expect(digest, 'the questions are others: run scripts/rego-answers.ts with an OPA').toBe(
      recorded.questions,
    );
    expect(inputs).toHaveLength(recorded.answers.length);
    expect(inputs.map((input) => markOf(ours(input)))).toEqual(recorded.answers);
    expect(new Set(recorded.answers).size).toBeGreaterThan(30);
  });
});
