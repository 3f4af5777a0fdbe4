import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/compile.ts';
import type { Evaluation } from '../src/query.ts';

interface Made {
  readonly path: string;
  readonly text: string;
  readonly rest: string;
  readonly value: number;
}

type Shape = 'else' | 'definitions' | 'set';

const branch = fc.record({
  path: fc.constantFrom('input.a', 'input.b.c', 'input["a"]'),
  text: fc.constantFrom('x', 'y', 'z', 'w', 'v'),
  rest: fc.constantFrom('', '; input.n > 1', '; some i in input.list; i > 1', '; input.a = "x"', '; 1 / 0'),
  value: fc.constantFrom(1, 1, 2),
});

/** `first` stands before each comparison; whatever it is, the answer must be the same. */
function policyOf(branches: readonly Made[], shape: Shape, first: string): string {
  const bodies = branches.map(({ path, text, rest }) => `{ ${first}${path} == "${text}"${rest} }`);
  const valued = bodies.map((body, i) => `${branches[i]?.value ?? 0} if ${body}`);
  switch (shape) {
    case 'else':
      return `default p := 0\np := ${valued.join(' else := ')}`;
    case 'definitions':
      return `default p := 0\n${valued.map((rule) => `p := ${rule}`).join('\n')}`;
    case 'set':
      return bodies.map((body, i) => `p contains ${i} if ${body}`).join('\n');
  }
}

function answer(text: string, input: Readonly<Record<string, never>>, steps: number): Evaluation | undefined {
  const compiled = compile([{ file: 'p.rego', text: `package t\n${text}\n` }]);
  return compiled.kind === 'module'
    ? compiled.evaluate('data.t.p', { input, budget: { steps }, strict: true })
    : undefined;
}

describe('branches found by a text of the input', () => {
  // INVARIANT: a branch that is left out would have taken one step.
  it('answer and count as if each were tried', () => {
    fc.assert(
      fc.property(
        fc.array(branch, { minLength: 4, maxLength: 12 }),
        fc.constantFrom<Shape>('else', 'definitions', 'set'),
        fc.record(
          {
            a: fc.constantFrom('x', 'y', 'z', 'none', 7, null),
            b: fc.constantFrom({ c: 'w' }, { c: 'x' }, 'c', {}),
            n: fc.constantFrom(1, 2),
            list: fc.constantFrom([], [1, 2, 3]),
          },
          { requiredKeys: ['list'] },
        ),
        fc.integer({ min: 1, max: 40 }),
        (branches, shape, input, steps) => {
          const given = input as unknown as Readonly<Record<string, never>>;
          const found = answer(policyOf(branches, shape, ''), given, steps);
          const tried = answer(policyOf(branches, shape, 'true; '), given, steps);
          expect(found).toBeDefined();
          expect(withoutPlace(found)).toEqual(withoutPlace(tried));
        },
      ),
      { numRuns: 1500 },
    );
  });
});

function withoutPlace(evaluation: Evaluation | undefined): object {
  return { ...evaluation, at: undefined };
}
