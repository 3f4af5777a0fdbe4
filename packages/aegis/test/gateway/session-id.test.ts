import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../src/enforce/door.ts';
import { SessionIds } from '../../src/gateway/front/http/session-id.ts';

const ADA: Caller = { tenant: 'acme', agent: 'ada', user: 'ada', door: 'mcp-http' };

describe('a session id', () => {
  const ids = new SessionIds();
  const { id, name } = ids.issue(ADA, 'mcp');

  it('opens for its caller at its endpoint, and shows nothing of the name', () => {
    expect(ids.open(id, ADA, 'mcp')).toBe(name);
    expect(id).toMatch(/^[\w-]{59}$/);
    expect(Buffer.from(id, 'base64url').includes(Buffer.from(name, 'base64url'))).toBe(false);
    expect(ids.issue(ADA, 'mcp').id).not.toBe(id);
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

  it('of another process does not open', () => {
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
  });
});
