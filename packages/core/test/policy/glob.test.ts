import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globTest, parseGlob } from '../../src/policy/glob.ts';

function matches(pattern: string, text: string): boolean {
  const glob = parseGlob(pattern);
  if (glob === undefined) throw new Error(`not a glob: ${pattern}`);
  return globTest(glob)(text);
}

/** The definition, by trying everything; for short inputs only. */
function byDefinition(pattern: readonly string[], text: readonly string[]): boolean {
  const [token, ...rest] = pattern;
  if (token === undefined) return text.length === 0;
  if (token === '*')
    return text.some((_, at) => byDefinition(rest, text.slice(at))) || byDefinition(rest, []);
  if (text.length === 0) return false;
  if (token === '?') return byDefinition(rest, text.slice(1));
  if (token === '\\') return rest[0] === text[0] && byDefinition(rest.slice(1), text.slice(1));
  return token === text[0] && byDefinition(rest, text.slice(1));
}

describe('glob', () => {
  it.each([
    ['/etc/*', '/etc/ssh/sshd_config', true],
    ['/etc/*', '/etc', false],
    ['*_delete', 'file_delete', true],
    ['*_delete', 'file_delete_now', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['file?', 'file1', true],
    ['file?', 'file', false],
    ['file?', 'file\u{1F600}', true],
    ['[a-z]{1,2}!(x)', '[a-z]{1,2}!(x)', true],
    ['\\*', '*', true],
    ['\\*', 'x', false],
    ['\\\\', '\\', true],
    ['', '', true],
    ['', 'x', false],
    ['**', 'any/thing', true],
    ['a\nb', 'a\nb', true],
  ])('%j on %j is %j', (pattern, text, want) => {
    expect(matches(pattern, text)).toBe(want);
  });

  it('is refused when nothing follows the last backslash', () => {
    expect(parseGlob('a\\')).toBeUndefined();
    expect(parseGlob('a\\\\')).toBeDefined();
  });

  it('agrees with its definition on every short pattern and text', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 7 });
    const pattern = fc.array(fc.constantFrom('a', 'b', '/', '*', '*', '?', '\\'), { maxLength: 7 });
    fc.assert(
      fc.property(pattern, letters, (tokens, text) => {
        const glob = parseGlob(tokens.join(''));
        if (glob === undefined) return;
        expect(globTest(glob)(text.join(''))).toBe(byDefinition(tokens, text));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    ['*a*a*a*a*a*a*b', 'without a question mark'],
    ['*a?*a?*a?*a?*a?*b', 'with question marks'],
  ])('%s cannot be made slow by the text (%s)', (pattern) => {
    const text = 'a'.repeat(20_000);
    expect(matches(pattern, text)).toBe(false);
  });
});
