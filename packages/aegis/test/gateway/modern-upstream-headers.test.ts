import type { JsonObject, JsonValue } from '@aegis/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerValue } from '../../src/gateway/upstream/modern/header-value.ts';
import { mirrorParams, readParamHeaders } from '../../src/gateway/upstream/modern/param-headers.ts';

describe('the value of a mirrored header', () => {
  // The examples of the specification (MCP 2026-07-28, Streamable HTTP, "Value Encoding").
  it.each([
    ['us-west1', 'us-west1'],
    ['Hello, 世界', '=?base64?SGVsbG8sIOS4lueVjA==?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['line1\nline2', '=?base64?bGluZTEKbGluZTI=?='],
    ['=?base64?literal?=', '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='],
    ['', ''],
    ['a\tb c', 'a\tb c'],
    ['=?base64?open', '=?base64?open'],
  ])('of %j is %j', (text, value) => {
    expect(headerValue(text)).toBe(value);
  });

  it('is always one that HTTP can carry, and says what it was made of', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })), (text) => {
        const value = headerValue(text);
        expect(value).toMatch(/^(?:[!-~](?:[\t -~]*[!-~])?)?$/);
        const coded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
        expect(coded === undefined ? value : Buffer.from(coded, 'base64').toString()).toBe(text);
      }),
    );
  });
});

const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const marked = (annotation: JsonValue, type: JsonValue = 'string'): JsonObject => ({
  type,
  'x-mcp-header': annotation,
});

describe('the headers that a tool asks for', () => {
  it.each<[string, JsonObject]>([
    ['an empty name', object({ a: marked('') })],
    ['a name that is no token', object({ a: marked('a b') })],
    ['a name with a line break', object({ a: marked('a\r\nX: 1') })],
    ['a name that is no text', object({ a: marked(1) })],
    ['no name', object({ a: marked(null) })],
    ['the same name twice, in any case', object({ a: marked('Region'), b: marked('REGION') })],
    ['a number', object({ a: marked('A', 'number') })],
    ['an object', object({ a: marked('A', 'object') })],
    ['several types', object({ a: marked('A', ['string', 'null']) })],
    ['the whole', { ...object({}), 'x-mcp-header': 'A' }],
    ['a member of an array', object({ a: { type: 'array', items: marked('A') } })],
    ['one of several', object({ a: { oneOf: [marked('A')] } })],
    ['a condition', { if: object({ a: marked('A') }) }],
    ['what is only referred to', { $defs: { a: marked('A') } }],
    ['properties by pattern', { patternProperties: { '^a': marked('A') } }],
    ['properties below an array', object({ a: { items: object({ b: marked('B') }) } })],
    ['any other property', { additionalProperties: marked('A') }],
    ['a word that nobody knows', { 'x-other': { deep: [marked('A')] } }],
  ])('cannot come from %s', (_, schema) => {
    expect(readParamHeaders(schema)).toBeUndefined();
  });

  it('come from properties of properties, and not from data that looks like it', () => {
    const schema = object({
      region: marked('Region'),
      scope: object({ tenant: marked('Tenant', 'integer'), dry: marked('Dry-Run', 'boolean') }),
      'x-mcp-header': { type: 'string' },
      properties: { type: 'string' },
      plain: { default: marked('No'), const: marked('No'), enum: [marked('No')], examples: [marked('No')] },
    });
    expect(readParamHeaders(schema)).toEqual([
      { name: 'mcp-param-region', path: ['region'] },
      { name: 'mcp-param-tenant', path: ['scope', 'tenant'] },
      { name: 'mcp-param-dry-run', path: ['scope', 'dry'] },
    ]);
  });

  it.each<[JsonValue, string | undefined]>([
    ['text', 'text'],
    ['', ''],
    [true, 'true'],
    [false, 'false'],
    [42, '42'],
    [-7, '-7'],
    [null, undefined],
    [1.5, undefined],
    [2 ** 53, undefined],
    [{}, undefined],
    [['a'], undefined],
  ])('mirror %j as %j', (value, header) => {
    const headers: Record<string, string> = {};
    mirrorParams([{ name: 'h', path: ['a', 'b'] }], { a: { b: value } }, headers);
    expect(headers).toEqual(header === undefined ? {} : { h: header });
  });

  it('mirror nothing that is not there, nor what every object has', () => {
    const headers: Record<string, string> = {};
    const wanted = [
      { name: 'h', path: ['a'] },
      { name: 'i', path: ['constructor', 'name'] },
    ] as const;
    mirrorParams(wanted, {}, headers);
    mirrorParams(wanted, undefined, headers);
    expect(headers).toEqual({});
  });
});
