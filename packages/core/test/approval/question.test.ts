import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argumentDiff } from '../../src/approval/diff.ts';
import { bindingText, covers, groundsOf, questionJson, readQuestion } from '../../src/approval/question.ts';
import type { Reason, ReasonCode } from '../../src/model/reason.ts';
import { QUESTION } from './events.ts';

const PLACE = { id: 'apr_1', tenant: 'acme', expiresAtMs: 5 };

describe('a binding', () => {
  it.each([
    ['the agent', { agent: 'other' }],
    ['the person behind it', { user: 'other' }],
    ['the method', { method: 'prompts/get' }],
    ['the server', { server: 'other' }],
    ['the tool', { name: 'other' }],
    ['an argument', { args: { ...QUESTION.args, text: 'hello.' } }],
    ['the definition', { definition: undefined }],
    ['the policy', { policyDigest: 'a'.repeat(64) }],
    ['the grounds', { grounds: ['other'] }],
  ])('is another one when %s is', (_, over) => {
    expect(bindingText(PLACE, { ...QUESTION, ...over })).not.toBe(bindingText(PLACE, QUESTION));
  });

  it('is another one for another approval, tenant or end', () => {
    const texts = [
      PLACE,
      { ...PLACE, id: 'apr_2' },
      { ...PLACE, tenant: 'globex' },
      { ...PLACE, expiresAtMs: 6 },
    ].map((place) => bindingText(place, QUESTION));
    expect(new Set(texts).size).toBe(4);
  });

  it('does not depend on the order in which arguments were written', () => {
    const turned = Object.fromEntries(Object.entries(QUESTION.args).toReversed());
    expect(bindingText(PLACE, { ...QUESTION, args: turned })).toBe(bindingText(PLACE, QUESTION));
  });
});

describe('a question', () => {
  it('reads back as it was sealed', () => {
    expect(readQuestion(questionJson(QUESTION))).toEqual(QUESTION);
    const unpinned = { ...QUESTION, definition: undefined };
    expect(readQuestion(questionJson(unpinned))).toEqual(unpinned);
    expect(readQuestion('text')).toBeUndefined();
  });

  it('that was approved covers the same call on fewer grounds, and on no more', () => {
    const approved = { ...QUESTION, grounds: ['ask', 'ask twice'] };
    expect(covers(approved, QUESTION)).toBe(true);
    expect(covers(QUESTION, approved)).toBe(false);
    expect(covers(QUESTION, { ...QUESTION, args: {} })).toBe(false);
  });
});

describe('the grounds of a question', () => {
  const reason = (code: ReasonCode, rule?: string): Reason => ({
    code,
    phase: 'rules',
    message: `because of ${code}`,
    ...(rule === undefined ? {} : { rule }),
  });

  it('are all that asks, whatever code it has, and nothing that lets the call through', () => {
    const grounds = groundsOf({
      reasons: [
        reason('APPROVAL_REQUIRED', 'b'),
        reason('TAINTED_TO_HIGH_RISK'),
        reason('APPROVAL_REQUIRED', 'a'),
        reason('APPROVAL_REQUIRED', 'a'),
        reason('OK', 'marked'),
        reason('POLICY_ALLOW', 'allowed'),
      ],
    });
    expect(grounds).toEqual(['a', 'b', 'because of TAINTED_TO_HIGH_RISK']);
  });
});

describe('a difference of arguments', () => {
  it('names every place, with what was there and what is', () => {
    const before = { to: 'a', list: [1, 2], deep: { x: 1, 'a/b': 2 }, gone: null };
    const after = { to: 'b', list: [1, 3], deep: { x: 1, 'a/b': 3 }, new: true };
    expect(argumentDiff(before, after)).toEqual([
      { at: '/deep/a~1b', before: 2, after: 3 },
      { at: '/gone', before: null, after: undefined },
      { at: '/list', before: [1, 2], after: [1, 3] },
      { at: '/new', before: undefined, after: true },
      { at: '/to', before: 'a', after: 'b' },
    ]);
  });

  it('is empty for equal arguments alone', () => {
    const object = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
    fc.assert(
      fc.property(object, object, (before, after) => {
        const same =
          bindingText(PLACE, { ...QUESTION, args: before as never }) ===
          bindingText(PLACE, { ...QUESTION, args: after as never });
        const changed = argumentDiff(before as never, after as never);
        expect(argumentDiff(before as never, before as never)).toEqual([]);
        if (changed.length === 0 && !JSON.stringify([before, after]).includes('{}')) expect(same).toBe(true);
      }),
    );
  });
});
