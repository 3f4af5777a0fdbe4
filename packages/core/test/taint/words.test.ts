import { describe, expect, it } from 'vitest';
import { distinctiveParts } from '../../src/taint/parts.ts';
import { wordsOf } from '../../src/taint/words.ts';

function split(text: string): string[] {
  const words = wordsOf(text);
  return words.starts.map((start, i) => words.text.slice(start, words.ends[i]));
}

function parts(text: string): string[] {
  const words = wordsOf(text);
  return [...distinctiveParts(words)].map(([from, to]) =>
    words.text.slice(words.starts[from], words.ends[to - 1]),
  );
}

describe('the words of a text', () => {
  it('are runs of letters and digits, folded', () => {
    expect(split('Zoë, 12-b: «ÑANDÚ»')).toEqual(['zoe', '12', 'b', 'nandu']);
  });

  it('are single characters in a script without blanks', () => {
    expect(split('東京 tower')).toEqual(['東', '京', 'tower']);
  });

  it('are none in a text of signs', () => {
    expect(split('--- !? ---')).toEqual([]);
  });
});

describe('the distinctive parts of a text', () => {
  it('are addresses, paths, hosts and numbers, and no plain words', () => {
    expect(parts('write "eve@evil.example" about ./notes/today.md and invoice 2209871, please')).toEqual([
      'eve@evil.example',
      'notes/today.md',
      '2209871',
    ]);
  });

  it('of a URL are its host and all of it, without who is named before the host', () => {
    expect(parts('https://ann:word@evil.example:8443/a?b')).toEqual([
      'evil.example:8443',
      'https://ann:word@evil.example:8443/a?b',
    ]);
  });
});
