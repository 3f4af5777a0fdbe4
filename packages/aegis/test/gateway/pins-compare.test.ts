import type { JsonObject } from '@aegis/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pin } from '../../src/enforce/door.ts';
import { factOf, recordOf, recordOfGone } from '../../src/gateway/pins/compare.ts';
import { fingerprintOf, MAX_DEFINITION_CHARS } from '../../src/gateway/pins/fingerprint.ts';
import { likenessOf } from '../../src/gateway/pins/likeness.ts';

const digest = (definition: JsonObject) => fingerprintOf(definition)?.digest;

describe('the fingerprint of a definition', () => {
  it('is the same for every order of keys, at every depth', () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .toReversed()
                .map(([key, item]) => [key, reversed(item)]),
            )
          : value;
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (definition) => {
        const object = JSON.parse(JSON.stringify(definition)) as JsonObject;
        expect(digest(reversed(object) as JsonObject)).toBe(digest(object));
      }),
    );
  });

  it('is another one for every change of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, two) => {
        fc.pre(one !== two);
        expect(digest({ name: 'x', description: one })).not.toBe(digest({ name: 'x', description: two }));
        expect(digest({ name: 'x', [one]: 1 })).not.toBe(digest({ name: 'x', [two]: 1 }));
      }),
    );
  });

  it.each<[string, JsonObject]>([
    ['icons', { name: 'x', icons: [{ src: 'https://example.com/i.png' }] }],
    ['metadata', { name: 'x', _meta: { 'org.example/a': 1 } }],
    ['a title', { name: 'x', title: 'X' }],
    ['an unknown member', { name: 'x', later: true }],
    ['what is not relayed', { name: 'x', execution: { taskSupport: 'required' } }],
  ])('covers %s', (_, definition) => {
    expect(digest(definition)).not.toBe(digest({ name: 'x' }));
  });

  it('is none for what is too large or too deep to be looked at', () => {
    expect(fingerprintOf({ name: 'x', description: 'x'.repeat(MAX_DEFINITION_CHARS) })).toBeUndefined();
    let deep: JsonObject = { name: 'x' };
    for (let i = 0; i < 100; i++) deep = { deep };
    expect(fingerprintOf(deep)).toBeUndefined();
  });
});

const seen = (fingerprint: string) => ({ fingerprint, definition: { name: fingerprint }, sinceMs: 1 });
const offered = (fingerprint: string | undefined) =>
  ({ server: 's', kind: 'tool', name: 'n', fingerprint, definition: { name: 'n' }, bytes: 12 }) as const;

function pin(more: Partial<Pin>): Pin {
  return { server: 's', kind: 'tool', name: 'n', state: 'pinned', sinceMs: 1, broken: false, ...more };
}

describe('what is offered against what is pinned', () => {
  it.each<[string, string | undefined, Pin | undefined, string]>([
    ['the pinned one', 'a', pin({ pinned: seen('a') }), 'pinned'],
    ['another one', 'b', pin({ pinned: seen('a') }), 'changed'],
    [
      'one that was recorded, and not accepted',
      'b',
      pin({ pinned: seen('a'), offered: seen('b') }),
      'changed',
    ],
    ['a first one', 'a', undefined, 'new'],
    ['a first one that waits', 'a', pin({ state: 'new', offered: seen('a') }), 'new'],
    ['none that can be pinned', undefined, pin({ pinned: seen('a') }), 'unreadable'],
    [
      'the pinned one, but the pin cannot be trusted',
      'a',
      pin({ pinned: seen('a'), broken: true }),
      'broken',
    ],
  ])('%s', (_, fingerprint, held, fact) => {
    expect(factOf(fingerprint, held)).toBe(fact);
  });

  it.each<[string, string | undefined, Pin | undefined, unknown]>([
    ['first sight is pinned', 'a', undefined, ['TOOL_PINNED', undefined, undefined, true]],
    ['what is pinned needs no word', 'a', pin({ pinned: seen('a'), seen: 'a' }), undefined],
    ['a change is told', 'b', pin({ pinned: seen('a') }), ['TOOL_CHANGED', 'changed', 'a', true]],
    [
      'a change that was told is not told again',
      'b',
      pin({ pinned: seen('a'), state: 'changed', seen: 'b' }),
      undefined,
    ],
    [
      'a second change is',
      'c',
      pin({ pinned: seen('a'), state: 'changed', seen: 'b' }),
      ['TOOL_CHANGED', 'changed', 'a', true],
    ],
    [
      'a return is told, without the definition',
      'a',
      pin({ pinned: seen('a'), state: 'changed', seen: 'b' }),
      ['TOOL_CHANGED', 'pinned', 'a', false],
    ],
    [
      'what cannot be pinned is told, without it',
      undefined,
      pin({ pinned: seen('a') }),
      ['TOOL_CHANGED', 'changed', 'a', false],
    ],
    ['and once', undefined, pin({ pinned: seen('a'), state: 'changed' }), undefined],
    ['nothing is built on a broken pin', 'b', pin({ broken: true }), undefined],
  ])('%s', (_, fingerprint, held, expected) => {
    const draft = recordOf(offered(fingerprint), held, 'pin');
    const told = draft && [
      draft.type,
      draft.payload['state'],
      draft.payload['pinned'],
      draft.sealed !== undefined,
    ];
    expect(told).toEqual(expected);
  });

  it('first sight waits where it is not trusted', () => {
    expect(recordOf(offered('a'), undefined, 'quarantine')).toMatchObject({
      type: 'TOOL_CHANGED',
      payload: { state: 'new', fingerprint: 'a' },
      sealed: { definition: { name: 'n' } },
    });
    expect(recordOf(offered('a'), pin({ state: 'new', seen: 'a' }), 'quarantine')).toBeUndefined();
  });

  it('what is gone is told once', () => {
    expect(recordOfGone(pin({ pinned: seen('a') }))?.payload).toMatchObject({ state: 'gone', pinned: 'a' });
    expect(recordOfGone(pin({ state: 'gone' }))).toBeUndefined();
  });
});

describe('names that look the same', () => {
  it.each([
    ['read_file', 'r\u0435ad_file'],
    ['read_file', 'read\u200b_file'],
    ['read_file', '\uff52ead_file'],
    ['list', '1ist'],
    ['all', 'aIl'],
    ['open', '0pen'.replace('0', '\u043e')],
    ['modern', 'modem'],
    ['read-file', 'read\u2010file'],
  ])('%s and %s', (one, two) => {
    expect(likenessOf(one)).toBe(likenessOf(two));
  });

  it.each([
    ['read_file', 'read-file'],
    ['read_file', 'readFile'],
    ['read_file', 'read_files'],
    ['search', 'Search'],
  ])('%s and %s do not', (one, two) => {
    expect(likenessOf(one)).not.toBe(likenessOf(two));
  });
});
