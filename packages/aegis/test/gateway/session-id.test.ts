import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../src/enforce/door.ts';
import { SessionIds } from '../../src/gateway/front/http/session-id.ts';
import { readSealed, sealedText } from '../../src/gateway/front/http/session-seal.ts';

const ADA: Caller = { tenant: 'acme', agent: 'ada', user: 'ada', door: 'mcp-http' };

describe('a session id', () => {
  const ids = new SessionIds();
  const name = 'the-name-of-a-session';
  const id = ids.seal(name, ADA, 'mcp');

  it('opens for its caller at its endpoint, and shows nothing of what is in it', () => {
    expect(ids.open(id, ADA, 'mcp')).toBe(name);
    expect(id).toMatch(/^[\w-]+$/);
    expect(Buffer.from(id, 'base64url').includes(name)).toBe(false);
    expect(ids.seal(name, ADA, 'mcp')).not.toBe(id);
  });

  it.each<[string, Partial<Caller>, string]>([
    ['tenant', { tenant: 'other' }, 'mcp'],
    ['agent', { agent: 'bob' }, 'mcp'],
    ['user', { user: 'bob' }, 'mcp'],
    ['endpoint', {}, 'mcp/s/files'],
    // What one says of agent and user must not be read as another's (concatenation).
    ['division of names', { agent: 'ad', user: 'aada' }, 'mcp'],
  ])('of another %s does not open', (_, other, endpoint) => {
    expect(ids.open(id, { ...ADA, ...other }, endpoint)).toBeUndefined();
  });

  it('opens in a process with the same key, and in no other', () => {
    const key = randomBytes(32);
    const shared = new SessionIds(key).seal(name, ADA, 'mcp');
    expect(new SessionIds(key).open(shared, ADA, 'mcp')).toBe(name);
    expect(new SessionIds().open(shared, ADA, 'mcp')).toBeUndefined();
    expect(new SessionIds().open(id, ADA, 'mcp')).toBeUndefined();
  });

  it('with any character changed does not open, nor any other text', () => {
    fc.assert(
      fc.property(fc.nat(id.length - 1), fc.constantFrom(...'AQgw_-09az'), (at, character) => {
        const changed = id.slice(0, at) + character + id.slice(at + 1);
        expect(ids.open(changed, ADA, 'mcp')).toBe(changed === id ? name : undefined);
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        expect(ids.open(text, ADA, 'mcp')).toBeUndefined();
      }),
    );
    expect(ids.open('A'.repeat(5_000), ADA, 'mcp')).toBeUndefined();
  });

  it('carries what was agreed on, unless that is long', () => {
    const agreed = { revision: '2025-11-25', declared: { roots: { listChanged: true } } } as const;
    expect(readSealed(sealedText({ name, agreed }))).toEqual({ name, agreed });
    expect(readSealed(sealedText({ name }))).toEqual({ name });
    const long = { ...agreed, declared: { roots: { listChanged: 'x'.repeat(1_024) } } };
    expect(readSealed(sealedText({ name, agreed: long }))).toEqual({ name });
    for (const text of ['', '{}', '[]', '[1]', 'null']) expect(readSealed(text)).toBeUndefined();
  });
});
