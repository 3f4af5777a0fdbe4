import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/compile.ts';
import { type JsonValue, parseJson } from '../src/value/json.ts';

interface Cases {
  readonly nowNs: string;
  readonly input: JsonValue;
  readonly data: JsonValue;
  /** What OPA 1.22.0 answered; without `want` it is undefined. */
  readonly topics: Readonly<Record<string, readonly { readonly rego: string; readonly want?: JsonValue }[]>>;
}

const text = readFileSync(new URL('cases/expressions.json', import.meta.url), 'utf8');
const cases = JSON.parse(text) as Cases;

describe.each(Object.entries(cases.topics))('%s has the value that OPA gives it', (_topic, expressions) => {
  it.each(expressions)('$rego', ({ rego, want }) => {
    const compiled = compile([{ file: 'case.rego', text: `package t\nvalue := ${parenthesised(rego)}\n` }]);
    expect(compiled).toMatchObject({ kind: 'module' });
    if (compiled.kind === 'refused') return;
    const result = compiled.evaluate('data.t.value', {
      input: parseJson(JSON.stringify(cases.input)),
      data: parseJson(JSON.stringify(cases.data)),
      nowNs: BigInt(cases.nowNs),
    });
    const wanted = want === undefined ? { kind: 'undefined' } : { kind: 'value', value: want };
    expect(result).toMatchObject(wanted);
    if (result.kind === 'value') expect(result.value).toEqual(want);
  });
});

/** `key, value in collection` needs parentheses where a value stands. */
function parenthesised(rego: string): string {
  return /^[^[{(]*, .* in /.test(rego) ? `(${rego})` : rego;
}
