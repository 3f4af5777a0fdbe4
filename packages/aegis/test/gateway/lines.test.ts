import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from '../../src/gateway/lines.ts';

function read(chunks: readonly string[], maxBytes = 1_000): string[] {
  const seen: string[] = [];
  const reader = new LineReader(maxBytes, {
    line: (line) => seen.push(line.toString()),
    tooLong: (head, tail) =>
      seen.push(`too long: ${head.toString().slice(0, 3)}..${tail.toString().slice(-3)}`),
  });
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return seen;
}

describe('the line reader', () => {
  it('does not care where the chunks are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { maxLength: 20 }),
        fc.array(fc.nat(40), { maxLength: 20 }),
        (lines, cuts) => {
          const text = lines.map((line) => line.replaceAll('\n', '')).join('\n');
          const bytes = Buffer.from(text);
          const chunks: Buffer[] = [];
          let at = 0;
          for (const cut of cuts) {
            chunks.push(bytes.subarray(at, at + cut));
            at += cut;
          }
          chunks.push(bytes.subarray(at));
          const seen: string[] = [];
          const reader = new LineReader(10_000, {
            line: (line) => seen.push(line.toString()),
            tooLong: () => seen.push('too long'),
          });
          for (const chunk of chunks) reader.push(chunk);
          reader.end();
          expect(seen).toEqual(text.split('\n').filter((line) => line !== ''));
        },
      ),
    );
  });

  it('takes a line of exactly the limit and throws a longer one away, but for its ends', () => {
    const long = `abc${'-'.repeat(20)}xyz`;
    expect(read([`${'a'.repeat(10)}\n${long}\nnext\n`], 10)).toEqual([
      'aaaaaaaaaa',
      'too long: abc..xyz',
      'next',
    ]);
    expect(read([long.slice(0, 12), long.slice(12), '\nnext'], 10)).toEqual(['too long: abc..xyz', 'next']);
  });

  it('holds no more than a line of the limit', () => {
    const reader = new LineReader(1024, { line: () => {}, tooLong: () => {} });
    const chunkBytes = 256 * 1024;
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 2_000; i++) reader.push(Buffer.alloc(chunkBytes, 0x78));
    expect(reader.pendingBytes).toBe(chunkBytes * 2_000);
    // 500 MB went through; what is not collected yet counts as well.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(250 * 1024 * 1024);
  });
});
