import { fileURLToPath } from 'node:url';
import { canonicalJson, type JsonValue } from '@aegis/core';
import fc from 'fast-check';
import { sha256 } from '../../packages/aegis/src/platform.ts';
import { loadRego } from '../../packages/aegis/src/source/rego.ts';
import { readDisk } from '../../packages/aegis/src/source/texts.ts';
import { compileDocument } from '../../packages/core/src/policy/module/document.ts';
import { agentOf, call, inputOf, manifest, NOW } from './calls.ts';

export const POLICY = fileURLToPath(new URL('../../policies/rego/decide.rego', import.meta.url));

/** What the real OPA answered to the questions below; written by `scripts/rego-answers.ts`. */
export const RECORDED = new URL('./opa-answers.json', import.meta.url);

export interface RecordedAnswers {
  readonly opa: string;
  /** SHA-256 of all questions together: another generator asks something else. */
  readonly questions: string;
  /** The first 12 hex digits of the SHA-256 of the canonical JSON of each answer. */
  readonly answers: readonly string[];
}

const QUESTIONS = 4_000;

/** The same calls every time, as modules are shown them, and how our engine answers one. */
export async function questions() {
  const module = await loadRego(
    {
      files: [POLICY],
      entrypoint: 'data.aegis.decision',
      entrypointAt: { file: 'aegis.toml', line: 1, column: 1 },
    },
    { read: () => Promise.resolve(undefined), readText: readDisk, sha256, diagnostics: [] },
  );
  if (module?.evaluate === undefined) throw new Error('decide.rego does not load');
  const document = compileDocument(module.reads);
  const sketches = fc.sample(fc.tuple(call, fc.option(manifest, { nil: undefined, freq: 6 })), {
    seed: 1971,
    numRuns: QUESTIONS,
  });
  const inputs = sketches.map(
    ([sketch, written]) => document(inputOf(sketch, written && agentOf(written))) as unknown as JsonValue,
  );
  const { evaluate } = module;
  const ours = (input: JsonValue): JsonValue | undefined => {
    const answer = evaluate(input as unknown as Parameters<typeof evaluate>[0], NOW);
    if (answer.kind === 'value') return answer.value as JsonValue;
    if (answer.kind === 'undefined') return undefined;
    throw new Error(`no answer: ${JSON.stringify(answer)}`);
  };
  return { inputs, ours, digest: sha256(canonicalJson(inputs)) };
}

export function markOf(answer: JsonValue | undefined): string {
  return answer === undefined ? 'undefined' : sha256(canonicalJson(answer)).slice(0, 12);
}
