import { describe, expect, it } from 'vitest';
import { createRedact } from '../../src/gateway/redact.ts';
import { StderrTail } from '../../src/gateway/upstream/stdio/stderr.ts';

describe('redaction', () => {
  it.each([
    ['as it is', 'sk-123456', 'token sk-123456!', 'token [secret]!'],
    [
      'without its scheme',
      'Bearer sk-123456',
      '{"authorization":"sk-123456"}',
      '{"authorization":"[secret]"}',
    ],
    ['whole, before its parts', 'Bearer sk-123456', 'Bearer sk-123456', '[secret]'],
    ['as JSON quotes it', 'pass"word\\x', '{"p":"pass\\"word\\\\x"}', '{"p":"[secret]"}'],
    ['with escaped slashes', 'ab/cd/ef', '"ab\\/cd\\/ef"', '"[secret]"'],
    ['with escaped letters', 'pässwörd', '"p\\u00e4ssw\\u00f6rd"', '"[secret]"'],
    ['line by line', 'first-line\nsecond-line', 'x second-line y', 'x [secret] y'],
    ['more than once', 'sk-123456', 'sk-123456 sk-123456', '[secret] [secret]'],
  ])('finds a credential %s', (_, secret, text, expected) => {
    expect(createRedact([secret])(text)).toBe(expected);
  });

  it('does not take the name of a scheme for a secret', () => {
    expect(createRedact(['Bearer sk-123456'])('Bearer of news')).toBe('Bearer of news');
  });

  it('keeps the newest lines of an output, whole lines only', () => {
    const tail = new StderrTail();
    const push = tail.reader(createRedact(['sk-123456']));
    push(Buffer.from('one sk-12'));
    push(Buffer.from(`3456\n${'x'.repeat(5_000)}sk-123456\n`));
    expect(tail.lines()).toEqual(['one [secret]', '[line too long]']);
    for (let i = 0; i < 500; i++) push(Buffer.from(`${i}\n`));
    expect(tail.lines()).toHaveLength(200);
    expect(tail.lines().at(-1)).toBe('499');
  });
});
