import { describe, expect, it } from 'vitest';
import { formatOf, MAX_SOURCE_LENGTH, readDocument, type SourceFormat } from '../../src/source/document.ts';

function read(format: SourceFormat, text: string) {
  return readDocument({ text, file: `f.${format}`, format });
}

function faults(format: SourceFormat, text: string): string[] {
  return read(format, text).diagnostics.map(({ at, code }) => `${at.line}:${at.column} ${code}`);
}

function place(
  format: SourceFormat,
  text: string,
  path: (string | number)[],
  what?: 'key' | 'value',
): string {
  const { line, column } = read(format, text).positionOf(path, what);
  return `${line}:${column}`;
}

const SAME = {
  toml: '[[rules]]\nname = "a"\nwhen = { amount = 1.5, on = true }\n\n[[rules]]\nname = "b"\n',
  yaml: 'rules:\n  - name: a\n    when: { amount: 1.5, on: true }\n  - name: b\n',
  json: '{"rules": [\n  {"name": "a", "when": {"amount": 1.5, "on": true}},\n  {"name": "b"}\n]}',
} as const;

describe('a source document', () => {
  it('has the same value in every format', () => {
    const want = { rules: [{ name: 'a', when: { amount: 1.5, on: true } }, { name: 'b' }] };
    for (const format of ['toml', 'yaml', 'json'] as const) {
      const { value, diagnostics } = read(format, SAME[format]);
      expect(JSON.parse(JSON.stringify(value))).toEqual(want);
      expect(diagnostics).toEqual([]);
    }
  });

  it.each([
    ['toml', ['rules', 1, 'name'], 'value', '6:8'],
    ['toml', ['rules', 1, 'name'], 'key', '6:1'],
    ['toml', ['rules', 0, 'when', 'on'], 'value', '3:29'],
    ['toml', ['rules', 1], 'value', '5:1'],
    ['toml', ['rules', 1, 'gone', 'deeper'], 'value', '5:1'],
    ['yaml', ['rules', 1, 'name'], 'value', '4:11'],
    ['yaml', ['rules', 0, 'when', 'amount'], 'key', '3:13'],
    ['json', ['rules', 0, 'when', 'on'], 'value', '2:47'],
    ['json', ['rules', 1, 'name'], 'key', '3:4'],
    ['json', ['rules', 7], 'value', '1:11'],
  ] as const)('in %s knows where %j is (%s)', (format, path, what, want) => {
    expect(place(format, SAME[format], [...path], what)).toBe(want);
  });

  it('counts lines of a table that is continued further down', () => {
    const text = '[a.b]\nx = 1\n[a]\ny = 2\n[a.b.c]\nz = 3\n';
    expect(JSON.stringify(read('toml', text).value)).toBe('{"a":{"b":{"x":1,"c":{"z":3}},"y":2}}');
    expect(place('toml', text, ['a', 'b', 'c', 'z'])).toBe('6:5');
  });

  it.each([
    ['toml', 'a = ', ['1:5 syntax']],
    ['toml', 'a = 1\na = 2\n', ['2:1 duplicate-key']],
    ['toml', 'a = inf\nb = 2024-01-01\nc = 07:30:00\n', ['1:5 not-json', '2:5 not-json', '3:5 not-json']],
    ['toml', 'a = 9007199254740993\n', ['1:5 number-range']],
    ['toml', '[__proto__]\na = 1\n[x.__proto__.y]\nb = 1\n', ['1:2 unsafe-key', '3:4 unsafe-key']],
    ['yaml', 'a: [1,\n', ['2:1 syntax']],
    ['yaml', 'a: 1\n"a": 2\n', ['2:1 duplicate-key']],
    ['yaml', 'a: .inf\nb: .nan\n', ['1:4 not-json', '2:4 not-json']],
    ['yaml', 'a: !!binary aGk=\nb: !mine 1\n', ['1:13 not-json', '2:10 not-json']],
    ['yaml', '1: a\n[b]: c\nnull: d\n', ['1:1 bad-key', '2:1 bad-key', '3:1 bad-key']],
    ['yaml', '__proto__: 1\n', ['1:1 unsafe-key']],
    ['yaml', '--- 1\n--- 2\n', ['2:1 syntax']],
    ['yaml', '%YAML 1.1\n---\na: 1\n', ['1:1 syntax']],
    ['yaml', 'a: &x [*x]\nb: *y\n', ['1:8 bad-alias', '2:4 bad-alias']],
    ['yaml', 'a: &x 1\nb: &x [*x]\n', ['2:8 bad-alias']],
    ['json', '{"a": 1, "a": 2}', ['1:10 duplicate-key']],
    [
      'json',
      '{"a": 1e999, "b": "\\ud800", "__proto__": {}}',
      ['1:7 not-json', '1:19 bad-text', '1:29 unsafe-key'],
    ],
    ['json', '[1,]', ['1:4 syntax']],
    ['json', '{"a": 01}', ['1:8 syntax']],
    ['json', '// x\n{}', ['1:1 syntax']],
    ['json', '{"a": "b', ['1:7 syntax']],
    ['json', '{} {}', ['1:4 syntax']],
  ] as const)('refuses %s %j with places', (format, text, want) => {
    expect(faults(format, text)).toEqual(want);
  });

  it('refuses nesting beyond 64 levels, however deep', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect(faults('toml', `a = ${nested(63)}`)).toEqual([]);
    expect(faults('toml', `a = ${nested(65)}`)).toEqual(['1:68 too-deep']);
    expect(faults('toml', `a = ${nested(50_000)}`)).toEqual(['1:1 too-deep']);
    expect(faults('toml', `[${Array(70).fill('a').join('.')}]`)).toEqual(['1:1 too-deep']);
    expect(faults('yaml', `a: ${nested(63)}`)).toEqual([]);
    expect(faults('yaml', `a: ${nested(65)}`)).toEqual(['1:67 too-deep']);
    expect(faults('yaml', `a: ${nested(5000)}`)).toHaveLength(1);
    expect(faults('json', nested(64))).toEqual([]);
    expect(faults('json', '['.repeat(100_000))).toEqual(['1:65 too-deep']);
  });

  it('does not unfold aliases without end (a billion laughs)', () => {
    const level = (name: string, of: string) => `${name}: &${name} [${Array(10).fill(of).join(', ')}]\n`;
    const text = level('a', 'x') + level('b', '*a') + level('c', '*b') + level('d', '*c') + level('e', '*d');
    expect(faults('yaml', text).map((fault) => fault.replace(/^.* /, ''))).toEqual(['too-many-aliases']);
  });

  it('does not nest aliases beyond the depth limit', () => {
    const lines = Array.from({ length: 80 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}`}]`);
    expect(faults('yaml', lines.join('\n')).at(0)).toMatch(/too-deep$/);
  });

  it('has tables in which no name is inherited', () => {
    for (const format of ['toml', 'yaml', 'json'] as const) {
      const { value } = read(format, { toml: 'a = {}', yaml: 'a: {}', json: '{"a": {}}' }[format]);
      expect((value as { a: { toString?: unknown } }).a.toString).toBeUndefined();
    }
  });

  it('keeps the places of the items after one that could not be read', () => {
    const document = read('toml', 'a = [2024-01-01, "x"]\n');
    expect(document.positionOf(['a', 1]).column).toBe(18);
  });

  it('is refused whole when it is too large', () => {
    expect(faults('json', ' '.repeat(MAX_SOURCE_LENGTH + 1))).toEqual(['1:1 too-large']);
  });

  it('may begin with a byte order mark', () => {
    expect(read('json', '\uFEFF{}').value).toEqual({});
  });

  it.each([
    ['aegis.toml', 'toml'],
    ['a.yml', 'yaml'],
    ['a.YAML', 'yaml'],
    ['a.json', 'json'],
    ['noextension', 'toml'],
  ])('%s is %s', (file, format) => {
    expect(formatOf(file)).toBe(format);
  });
});
