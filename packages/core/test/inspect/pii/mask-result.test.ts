import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPersonalData } from '../../../src/inspect/pii/find-personal-data.ts';
import { maskResult } from '../../../src/inspect/pii/mask-result.ts';
import { redaction } from '../../../src/inspect/pii/masks.ts';
import { compilePersonalPattern, type PatternAction } from '../../../src/inspect/pii/pattern.ts';
import { parseExact } from '../../../src/json/exact.ts';
import type { JsonObject, JsonValue } from '../../../src/model/json.ts';
import { PII_KINDS } from '../../../src/policy/rule.ts';

function mask(result: JsonObject, kinds: readonly string[] = PII_KINDS) {
  return maskResult(result, kinds);
}

function maskedText(text: string): string {
  return String(mask({ content: [{ type: 'text', text }] }).result['content']?.[0 as never]?.['text']);
}

function exact(text: string): JsonObject {
  const parsed = parseExact(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value as JsonObject;
}

describe('masking a result', () => {
  it('masks texts, structured content, embedded resources, links and metadata, and counts by kind', () => {
    const masking = mask({
      content: [
        { type: 'text', text: 'ada@example.com called from 555-010-1234' },
        { type: 'resource', resource: { uri: 'note://1', text: 'card 4111 1111 1111 1111' } },
        { type: 'resource_link', uri: 'mailto:ada@example.com', name: 'Ada' },
      ],
      structuredContent: { people: [{ mail: 'ada@example.com', ssn: '536221234' }] },
      _meta: { 'example.com/from': '203.0.113.7' },
      anything: ['GB82 WEST 1234 5698 7654 32'],
    });
    expect(masking.result).toEqual({
      content: [
        { type: 'text', text: '[masked:email] called from [masked:phone]' },
        { type: 'resource', resource: { uri: 'note://1', text: 'card [masked:card]' } },
        { type: 'resource_link', uri: 'mailto:[masked:email]', name: 'Ada' },
      ],
      structuredContent: { people: [{ mail: '[masked:email]', ssn: '[masked:ssn]' }] },
      _meta: { 'example.com/from': '[masked:ip]' },
      anything: ['[masked:iban]'],
    });
    expect(masking.masked).toBe(8);
    expect([...masking.counts].sort((a, b) => a.kind.localeCompare(b.kind))).toEqual([
      { kind: 'card', count: 1 },
      { kind: 'email', count: 3 },
      { kind: 'iban', count: 1 },
      { kind: 'ip', count: 1 },
      { kind: 'phone', count: 1 },
      { kind: 'ssn', count: 1 },
    ]);
  });

  it('returns the same object when there is nothing to mask or nothing was asked for', () => {
    const clean = { content: [{ type: 'text', text: '{"total": 12}' }], structuredContent: { total: 12 } };
    expect(mask(clean)).toEqual({ result: clean, masked: 0, counts: [], secretIds: [] });
    expect(mask(clean).result).toBe(clean);
    const dirty = { text: 'ada@example.com' };
    expect(mask(dirty, []).result).toBe(dirty);
    expect(mask(dirty, ['card', 'name']).result).toBe(dirty);
  });

  it('copies only what changes and leaves the given result alone', () => {
    const given = { a: { mail: 'ada@example.com' }, b: { total: [1, 2] } };
    const before = structuredClone(given);
    const { result } = mask(given);
    expect(given).toEqual(before);
    expect(result['b']).toBe(given.b);
  });

  it('loses no value when keys become equal, and leaves other keys their name', () => {
    const { result, masked } = mask({
      'ada@example.com': 1,
      'bob@example.com': 2,
      '[masked:email]': 3,
      '[masked:email]#2': 4,
    });
    expect(result).toEqual({
      '[masked:email]#3': 1,
      '[masked:email]#4': 2,
      '[masked:email]': 3,
      '[masked:email]#2': 4,
    });
    expect(masked).toBe(2);
  });

  it('keeps a `__proto__` key an ordinary key', () => {
    const { result } = mask(exact('{"__proto__":{"mail":"ada@example.com"}}'));
    expect(JSON.stringify(result)).toBe('{"__proto__":{"mail":"[masked:email]"}}');
  });

  it('makes card numbers strings, also those kept as digits, and leaves other numbers', () => {
    const { result } = mask(
      exact('{"card":4111111111111111,"long":6205500000000000004,"id":9007199254740993,"ms":1700000000000}'),
    );
    expect(JSON.stringify(result)).toBe(
      '{"card":"[masked:card]","long":"[masked:card]","id":9007199254740993,"ms":1700000000000}',
    );
  });

  it('masks numbers under a key that says what they are, also through keys that say nothing', () => {
    const { result } = mask({
      phone: 5550101234,
      ssn: 536221234,
      phoneNumbers: [{ type: 'work', value: '5550101234' }],
      order: { value: 5550101234 },
    });
    expect(result).toEqual({
      phone: '[masked:phone]',
      ssn: '[masked:ssn]',
      phoneNumbers: [{ type: 'work', value: '[masked:phone]' }],
      order: { value: 5550101234 },
    });
  });

  it.each([
    [
      'a number',
      '{"card": 4111111111111111, "n": 9007199254740993}',
      '{"card":"[masked:card]","n":9007199254740993}',
    ],
    ['an escaped @', '{"mail":"ada\\u0040example.com"}', '{"mail":"[masked:email]"}'],
    ['a line break before a number', '["call\\n555-010-1234"]', '["call\\n[masked:phone]"]'],
    ['equal keys', '{"ada@example.com":1,"bob@example.com":2}', '{"[masked:email]":1,"[masked:email]#2":2}'],
    ['indentation', '{\n  "ip": "203.0.113.7"\n}', '{\n  "ip": "[masked:ip]"\n}'],
    [
      'JSON in a string',
      '{"body":"{\\"card\\":4111111111111111}"}',
      '{"body":"{\\"card\\":\\"[masked:card]\\"}"}',
    ],
  ])('keeps a text that is JSON valid: %s', (_, text, want) => {
    expect(maskedText(text)).toBe(want);
  });

  it('leaves a JSON text with nothing to mask exactly as it was written', () => {
    const text = ' {"a" : 1.0, "a" : 2e0 }\n';
    expect(maskedText(text)).toBe(text);
  });

  it('masks a text that only begins like JSON', () => {
    expect(maskedText('[info] ada@example.com')).toBe('[info] [masked:email]');
    expect(maskedText('{"a":1}\n{"mail":"ada@example.com"}')).toBe('{"a":1}\n{"mail":"[masked:email]"}');
  });

  // Base64 by its alphabet, and with a card number between two signs that end words.
  const bytes = `${'iVBORw0KGgo'.repeat(6)}/4111111111111111/`;

  it('does not search the bytes of images, audio and resources', () => {
    const binary = {
      content: [
        { type: 'image', mimeType: 'image/png', data: bytes },
        { type: 'audio', mimeType: 'audio/wav', data: bytes },
        { type: 'resource', resource: { uri: 'file:///a.png', blob: bytes } },
      ],
    };
    expect(mask(binary).result).toBe(binary);
  });

  it.each<[string, JsonObject]>([
    ['is under another name', { type: 'image', text: bytes }],
    ['is not in content of bytes', { type: 'text', data: bytes }],
    ['is no base64', { type: 'image', data: `${bytes} ada@example.com` }],
    ['is short', { type: 'image', data: '4111111111111111' }],
    ['has no resource', { blob: bytes }],
  ])('searches a text that %s', (_, result) => {
    expect(mask(result).masked).toBeGreaterThan(0);
  });

  it('withholds what is nested too deeply to be searched', () => {
    const nest = (depth: number): JsonValue => (depth === 0 ? 'ada@example.com' : [nest(depth - 1)]);
    const shallow = mask({ a: nest(60) });
    expect(shallow.counts).toEqual([{ kind: 'email', count: 1 }]);
    const deep = mask({ a: nest(100) });
    expect(JSON.stringify(deep.result)).not.toContain('ada');
    expect(deep.counts).toEqual([{ kind: 'too-deep', count: 1 }]);
  });

  it('releases none of the planted values, wherever they are, and keeps JSON texts JSON', () => {
    const planted = fc.constantFrom<JsonValue[]>(
      'ada@example.com',
      'see 4111-1111-1111-1111 now',
      'GB82WEST12345698765432',
      '536-22-1234',
      '+44 20 7946 0958',
      '203.0.113.7',
      4111111111111111,
    );
    const { tree } = fc.letrec<{ tree: JsonValue; node: JsonValue }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        planted,
        fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<JsonValue>,
        tie('node'),
      ),
      node: fc.oneof(
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(planted.map(String), fc.string()), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify([value], undefined, indent);
        const { result } = mask({ structuredContent: { value }, text });
        const released = JSON.stringify(result['structuredContent']) + result['text'];
        expect(released).not.toMatch(
          /ada@example|4111-1111|4111111111111111|GB82WEST|536-22-1234|20 7946|203\.0\.113/,
        );
        const shape = (json: JsonValue): unknown =>
          typeof json === 'object' && json !== null ? Object.values(json).map(shape) : 0;
        expect(shape(JSON.parse(String(result['text'])))).toEqual(shape(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('writes masks that hold nothing to mask', () => {
    for (const kind of PII_KINDS) expect(findPersonalData(`[masked:${kind}]`, PII_KINDS)).toEqual([]);
  });
});

describe('redacting and patterns', () => {
  const badge = (action: PatternAction, pattern = 'B-[0-9]{4}') => {
    const compiled = compilePersonalPattern({ name: 'badge', pattern, action });
    if (typeof compiled === 'string') throw new Error(compiled);
    return compiled;
  };

  it('writes nothing of what a redacted kind was', () => {
    const { result, counts } = maskResult({ text: 'ada@example.com, 4111 1111 1111 1111' }, [
      redaction('card'),
      'email',
    ]);
    expect(result).toEqual({ text: '[masked:email], [redacted]' });
    expect(counts).toEqual([
      { kind: 'email', count: 1 },
      { kind: 'card', count: 1 },
    ]);
  });

  it('takes out what a pattern matches, in texts, keys, numbers and JSON in texts', () => {
    const given = { 'B-0001': 'B-0002 and B-0003', n: 90_210, inner: '{"badge": "B-0004"}' };
    expect(maskResult(given, [badge('mask')]).result).toEqual({
      '[masked:badge]': '[masked:badge] and [masked:badge]',
      n: 90_210,
      inner: '{"badge":"[masked:badge]"}',
    });
    expect(maskResult(given, [badge('redact', '90210')]).result['n']).toBe('[redacted]');
  });

  it('leaves no end of what a pattern and a kind both claim', () => {
    const overlapping = badge('mask', 'mail: ada@ex');
    expect(maskResult({ text: 'mail: ada@example.com' }, [overlapping, 'email']).result).toEqual({
      text: '[masked:badge]',
    });
  });

  it.each([
    ['a kind that there is', 'email', 'x', /`email` is the name of a kind already/],
    ['a pattern of everything', 'a', 'x*', /empty text/],
    ['a pattern that is none', 'a', '(', /missing|unclosed|parenthesis/],
    ['what takes more than linear time', 'a', '(a)\\1', /escape/],
  ])('refuses %s', (_, name, pattern, why) => {
    expect(compilePersonalPattern({ name, pattern, action: 'mask' })).toMatch(why);
  });
});
