import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from './patterns/linear.ts';
import { type Literal, literalsOf } from './patterns/literals.ts';
import { CONSTRUCTED, OF_THE_OPERATOR, UNPROVEN } from './patterns/unproven.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = new Map<string, string>();
let literals: readonly Literal[] = [];

beforeAll(async () => {
  for await (const path of glob('packages/*/src/**/*.ts', { cwd: root })) {
    files.set(path.replaceAll('\\', '/'), readFileSync(root + path, 'utf8'));
  }
  literals = [...files].flatMap(([path, text]) => literalsOf(path, text));
});

function reasonOf({ source, flags }: Literal): string | undefined {
  try {
    return problemOf(source, flags);
  } catch (error) {
    return error instanceof Error ? error.message : 'unreadable';
  }
}

const unproven = (): readonly Literal[] =>
  literals.filter((literal) => !OF_THE_OPERATOR.test(literal.path) && reasonOf(literal) !== undefined);

describe('the patterns of the product', () => {
  it('are all seen, and each is one that the engine takes', () => {
    expect(literals.length).toBeGreaterThan(1500);
    for (const { source, flags } of literals) expect(() => new RegExp(source, flags)).not.toThrow();
    const seen = (path: string) => literals.filter((literal) => literal.path.endsWith(path)).length;
    expect(seen('core/src/inspect/definition/orders.ts')).toBeGreaterThan(20);
    expect(seen('core/src/inspect/secret/marked-tokens.ts')).toBeGreaterThan(25);
    const [sign] = literalsOf(
      'a.ts',
      "const a = b / c / d; // /x/\nconst e = '/y/';\nreturn /[/*]z+/gi.test(`/${/w/}/`);",
    );
    expect(sign).toMatchObject({ source: '[/*]z+', flags: 'gi', line: 3 });
  });

  it('take time linear in the text, but for those that read a short one', () => {
    const found = Map.groupBy(unproven(), ({ path }) => path);
    const more = [...found].filter(([path, some]) => some.length > (UNPROVEN[path]?.patterns ?? 0));
    expect(
      more.flatMap(([, some]) =>
        some.map((one) => `${one.path}:${one.line} ${reasonOf(one)}: ${one.source}`),
      ),
    ).toEqual([]);
    expect(Object.keys(UNPROVEN).filter((path) => !files.has(path))).toEqual([]);
  });

  it('that are not proven come to an end on every character and pair of characters of theirs, many times over', () => {
    let held = 0;
    for (const { source, flags } of unproven()) {
      const pattern = new RegExp(source, flags.replace(/[gy]/g, ''));
      for (const pump of pumpsOf(source)) {
        pattern.test(`${pump.repeat(LENGTH / pump.length)}\u0001`);
        held++;
      }
    }
    expect(held).toBeGreaterThan(1000);
  });

  it('are built of other words in the files that are known to do so alone', () => {
    const building = [...files]
      .filter(([path, text]) => !OF_THE_OPERATOR.test(path) && text.includes('new RegExp('))
      .map(([path]) => path);
    expect(building.filter((path) => !CONSTRUCTED.has(path))).toEqual([]);
  });
});

const LENGTH = 3000;

function pumpsOf(source: string): readonly string[] {
  const plain = [
    ...new Set(
      source
        .replace(/\\s/g, ' ')
        .replace(/\\[dw]/g, '1a')
        .replace(/\\n/g, '\n')
        .replaceAll('\\', ''),
    ),
  ];
  const pairs = plain.slice(0, 24).flatMap((first) => plain.slice(0, 24).map((second) => first + second));
  return [...plain, ...pairs];
}

describe('the check of patterns', () => {
  it.each([
    ['(a+)+$', ''],
    ['(?:a|a)*b', ''],
    ['^(\\w+\\s?)*$', ''],
    ['\\s+$', ''],
    ['\\w+@', ''],
    ['a.*b.*c', ''],
    ['^\\s*\\s*x', ''],
    ['[^"]*$', 'm'],
    ['^(?:a|a)*$', ''],
    ['^(?:a|ab)*$', ''],
    ['^(?:a?a)*$', ''],
    ['^(?:a{1,3})*$', ''],
    ['(x+x+)+y', ''],
    ['.*foo', ''],
  ])('sees what /%s/%s can cost', (source, flags) => {
    expect(problemOf(source, flags)).toBeDefined();
  });

  it.each([
    ['^\\s*x', ''],
    ['x{1,64}@', ''],
    ['(?<!\\w)\\w+@', ''],
    ['"[^"\\n]*"', ''],
    ['\\b\\w+=', ''],
    ['#[a-z]+;', 'g'],
    ['[a-z]+', 'g'],
    ['^\\d+(?:\\.\\d+)*$', ''],
    ['^(?:a|b)*$', ''],
    ['"(?:[^"\\\\]|\\\\.)*"', 'y'],
    ['\\w+@', 'y'],
    ['^(?:a|b)*[^]*$', ''],
  ])('lets /%s/%s be', (source, flags) => {
    expect(problemOf(source, flags)).toBeUndefined();
  });
});
