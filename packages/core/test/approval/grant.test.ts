import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Grant, grantCovers, type GrantedArguments } from '../../src/approval/grant.ts';
import { canonicalJson } from '../../src/ledger/canonical.ts';
import { GRANT, QUESTION, START_MS, TENANT } from './events.ts';

const call = { ...QUESTION, tenant: TENANT, session: 'ses_1' };
const grant: Grant = { ...GRANT, madeAtMs: START_MS, revokedBy: undefined };
const covers = (over: Partial<typeof call>, given: Partial<Grant> = {}, nowMs = START_MS) =>
  grantCovers({ ...grant, ...given }, { ...call, ...over }, nowMs);

describe('a grant', () => {
  it('covers the call that it was given for, and the same with another text', () => {
    expect(covers({})).toBe(true);
    expect(covers({ args: { to: 'ops@acme.example', text: 'something else' } })).toBe(true);
  });

  it.each([
    ['another agent', { agent: 'bot2' }],
    ['another tenant', { tenant: 'globex' }],
    ['another tool', { name: 'send_all' }],
    ['another server', { server: 'mail2' }],
    ['another method', { method: 'prompts/get' }],
    ['another definition', { definition: 'a'.repeat(64) }],
    ['another policy', { policyDigest: 'a'.repeat(64) }],
    ['a further ground', { grounds: ['ask', 'another rule'] }],
    ['another argument', { args: { to: 'eve@evil.example', text: 'hello' } }],
    ['a further argument', { args: { to: 'ops@acme.example', text: 'hello', bcc: 'eve' } }],
    ['a missing argument', { args: { text: 'hello' } }],
    ['a pattern that meets no text', { args: { to: 'ops@acme.example', text: { nested: 1 } } }],
  ])('does not cover %s', (_, over) => {
    expect(covers(over)).toBe(false);
  });

  it('ends with its time, with its session, and when it is taken back', () => {
    expect(covers({}, {}, grant.expiresAtMs + 1)).toBe(false);
    expect(covers({}, { session: 'ses_1' })).toBe(true);
    expect(covers({}, { session: 'ses_2' })).toBe(false);
    expect(covers({}, { revokedBy: 'bob' })).toBe(false);
  });

  it('for a folder is none for what lies beside it', () => {
    const args: GrantedArguments = { kind: 'like', values: {}, globs: { path: 'reports/*' } };
    const opens = (path: string) => covers({ args: { path } }, { args });
    expect(opens('reports/june.txt')).toBe(true);
    for (const path of [
      'reports/../secrets',
      'reports/..',
      'secrets',
      'reports\\..\\x',
      'reports/a/../../b',
    ]) {
      expect(opens(path)).toBe(false);
    }
  });

  it('with globs for agents and tools covers those, under whatever definition is in force', () => {
    const wide = { agent: 'ci-*', name: 'send*', definition: undefined };
    expect(covers({ agent: 'ci-7', name: 'send_all', definition: 'a'.repeat(64) }, wide)).toBe(true);
    expect(covers({ agent: 'bot', name: 'send_all' }, wide)).toBe(false);
  });

  it('without globs covers no arguments but its own', () => {
    const args = fc.dictionary(fc.constantFrom('a', 'b', 'to'), fc.constantFrom('x', 'y', 1, true), {
      maxKeys: 3,
    });
    fc.assert(
      fc.property(args, args, (given, made) => {
        const same = canonicalJson(given) === canonicalJson(made);
        expect(covers({ args: made }, { args: { kind: 'like', values: given, globs: {} } })).toBe(same);
      }),
    );
  });
});
