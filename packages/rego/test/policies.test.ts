import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/compile.ts';
import type { JsonValue } from '../src/value/json.ts';

interface Cases {
  readonly input: JsonValue;
  readonly data: JsonValue;
  /** Asked for `data.t.p`; `want` is what OPA 1.22.0 answered. */
  readonly cases: readonly {
    readonly name: string;
    readonly files: readonly string[];
    readonly want: { readonly kind: string; readonly value?: JsonValue; readonly code?: string };
  }[];
}

const text = readFileSync(new URL('cases/policies.json', import.meta.url), 'utf8');
const { input, data, cases } = JSON.parse(text) as Cases;

describe('policies mean what they mean in OPA', () => {
  it.each(cases)('$name', ({ files, want }) => {
    const compiled = compile(files.map((text, i) => ({ file: `${i}.rego`, text })));
    if (compiled.kind === 'refused') throw new Error(JSON.stringify(compiled.diagnostics));
    const result = compiled.evaluate('data.t.p', { input, data });
    expect(result).toMatchObject(want);
    if (result.kind === 'value') expect(result.value).toEqual(want.value);
  });
});
