import { describe, expect, it } from 'vitest';
import { writtenBy } from '../../src/taint/written.ts';

describe('what a person wrote', () => {
  it.each<[string, Record<string, never> | object, object, string[]]>([
    ['is nothing where nothing is changed', { a: 'x y', b: 1 }, { a: 'x y', b: 1 }, []],
    ['is a text in place of another one', { to: 'eve@a.example' }, { to: 'ann' }, ['ann']],
    ['is a number', { n: 1, m: 5 }, { n: 2, m: 5 }, ['2']],
    ['is what was not there', { a: 'x' }, { a: 'x', cc: 'ann' }, ['ann']],
    ['is the words that differ and no others', { b: 'pay to 123 now' }, { b: 'pay to 456 now' }, ['456']],
    ['is whole words', { to: 'bob@own.example is' }, { to: 'rob@own.example is' }, ['rob@own.example']],
    ['is what is put at the end', { b: 'pay now' }, { b: 'pay now please' }, [' please']],
    ['is nothing where words are left out', { b: 'Dear all pay CH93 now' }, { b: 'Dear all CH93 now' }, []],
    ['is nothing where the beginning is left out', { b: 'pay CH93' }, { b: 'CH93' }, []],
    [
      'is the word out of which something is left',
      { b: 'to evil.example' },
      { b: 'to evl.example' },
      ['evl.example'],
    ],
    ['is not what stands at another place', { l: ['a b', 'c d'] }, { l: ['c d'] }, []],
    [
      'is no more than a character of a script without blanks',
      { b: '请付款给甲' },
      { b: '请付款给乙' },
      ['乙'],
    ],
  ])('%s', (_, before, after, want) => {
    expect(writtenBy(before as never, after as never)).toEqual(want);
  });
});
