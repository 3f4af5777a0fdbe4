import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SseEvent, SseReader } from '../../src/gateway/sse.ts';

function read(chunks: readonly Buffer[], maxChars = 10_000): (SseEvent | 'overflow')[] {
  const seen: (SseEvent | 'overflow')[] = [];
  const reader = new SseReader(
    maxChars,
    (event) => seen.push(event),
    () => seen.push('overflow'),
  );
  for (const chunk of chunks) reader.push(chunk);
  return seen;
}

const whole = (text: string) => [Buffer.from(text)];

describe('the event reader', () => {
  it.each<[string, string, (SseEvent | 'overflow')[]]>([
    ['one event', 'data: a\n\n', [{ data: 'a' }]],
    ['several data lines', 'data: a\ndata:b\ndata\n\n', [{ data: 'a\nb\n' }]],
    ['only one leading space is cut', 'data:  a\n\n', [{ data: ' a' }]],
    ['comments and unknown fields', ': hi\nfoo: x\ndata: a\n\n', [{ data: 'a' }]],
    [
      'the id and the type of an event, and of no other',
      'id: 1\nevent: endpoint\ndata: a\n\ndata: b\n\n',
      [{ data: 'a', id: '1', type: 'endpoint' }, { data: 'b' }],
    ],
    ['an id without data', 'id: 1\n\n', [{ data: '', id: '1' }]],
    ['no id with a null character in it', 'id: 1\0\ndata: a\n\n', [{ data: 'a' }]],
    ['a priming event', 'id: 1\nretry: 500\ndata:\n\n', [{ data: '', id: '1', retryMs: 500 }]],
    ['a retry that is no number', 'retry: soon\n\n', []],
    ['an event without end', 'data: a\n', []],
    ['CR and CR LF', 'data: a\r\r\ndata: b\r\n\r\n', [{ data: 'a' }, { data: 'b' }]],
  ])('reads %s', (_, text, events) => {
    expect(read(whole(text))).toEqual(events);
  });

  it('does not care where the chunks are cut, not even inside a character or a line break', () => {
    const line = fc.constantFrom('data: x', 'data: é😀', ': c', '', 'id: 1', 'data');
    const lineBreak = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, lineBreak), { maxLength: 30 }),
        fc.integer({ min: 1, max: 7 }),
        (lines, size) => {
          const bytes = Buffer.from(lines.flat().join(''));
          const chunks: Buffer[] = [];
          for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
          const text = bytes.toString().replace(/\r\n?/g, '\n');
          expect(read(chunks)).toEqual(read(whole(text)));
        },
      ),
    );
  });

  it('gives up once at an event that is too long, and lets comments go on for ever', () => {
    expect(
      read([...whole('data: aaaaaaaaaa'), ...whole('aaaaaaaaaa'), ...whole('\n\ndata: b\n\n')], 12),
    ).toEqual(['overflow']);
    expect(
      read(whole(`${': keep-alive\n\n'.repeat(1_000)}${': comment\n'.repeat(1_000)}data: a\n\n`), 100),
    ).toEqual([{ data: 'a' }]);
  });
});
