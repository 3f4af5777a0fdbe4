import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/export/redact.ts';
import { timestamp } from '../../src/export/timestamp.ts';

const SECRET = 'hunter2-hunter2';

describe('what is exported', () => {
  it.each([
    [
      'a header in any case',
      { headers: { AUTHORIZATION: SECRET, 'x-API-key': SECRET, 'Set-Cookie': SECRET } },
    ],
    ['nested objects and lists', { a: [{ b: [{ db: { dbPassword: SECRET } }] }] }],
    ['a list under such a name', { tokens: ['fine'], access_token: [SECRET, { deep: SECRET }] }],
    ['headers as a list of names and values', { headers: [{ name: 'Authorization', value: SECRET }] }],
    ['headers as a list of pairs', { headers: [['Proxy-Authorization', SECRET]] }],
    ['camel case', { clientSecret: SECRET, privateKey: SECRET }],
    ['a text with a bearer token', { note: `curl -H "Authorization: Bearer ${SECRET}x9K2mQ7"` }],
    ['a password in an address', { url: `postgres://ada:${SECRET}@db.example.org/main` }],
  ])('has no credential in %s', (_, value) => {
    expect(JSON.stringify(redact(value))).not.toContain(SECRET);
  });

  it('keeps everything else', () => {
    const value = {
      input_tokens: 12,
      max_token: 5,
      old_key: 'aegis+1a2b',
      path: '/etc/hosts',
      list: [1, null, true],
    };
    expect(redact(value)).toEqual(value);
  });

  it('hides what is nested too deep to be looked at', () => {
    let value: unknown = SECRET;
    for (let depth = 0; depth < 200; depth++) value = { a: value };
    expect(JSON.stringify(redact(value as never))).not.toContain(SECRET);
  });
});

describe('a time of an export', () => {
  it('is the one that the platform would write', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (at) => {
        expect(timestamp(at)).toBe(new Date(at).toISOString());
      }),
    );
  });
});
