import { describe, expect, it } from 'vitest';
import { expandBraces } from '../../../src/inspect/shell/braces.ts';

describe('brace expansion', () => {
  it.each([
    ['{cat,/etc/passwd}', ['cat', '/etc/passwd']],
    ['a{b,c}d', ['abd', 'acd']],
    ['{a,b}{1,2}', ['a1', 'a2', 'b1', 'b2']],
    ['{a,{b,c}}', ['a', 'b', 'c']],
    ['{1..3}', ['1', '2', '3']],
    ['{3..1}', ['3', '2', '1']],
    ['{1..9..4}', ['1', '5', '9']],
    ['{a..c}', ['a', 'b', 'c']],
    ['{r,}m', ['rm', 'm']],
    ['{}', ['{}']],
    ['{a}', ['{a}']],
    ['{a,b', ['{a,b']],
    ['\\{a,b}', ['\\{a,b}']],
    ['{"a,b",c}', ['"a,b"', 'c']],
    ["{'a,b',c}", ["'a,b'", 'c']],
    ['{${x,y},c}', ['${x,y}', 'c']],
    ['{$(a,b),c}', ['$(a,b)', 'c']],
    ['${x}{a,b}', ['${x}a', '${x}b']],
  ])('%s becomes %j', (source, words) => {
    expect(expandBraces(source)).toEqual(words);
  });

  it.each(['{1..99999}', '{a,b}'.repeat(12), `{a,b}${'x'.repeat(2000)}`])(
    '%.20s... is too much',
    (source) => {
      expect(expandBraces(source)).toBeUndefined();
    },
  );
});
