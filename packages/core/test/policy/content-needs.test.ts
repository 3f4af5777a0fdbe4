import { describe, expect, it } from 'vitest';
import { NO_CONTENT_NEEDS, SCORE_NEEDS } from '../../src/inspect/content/content-needs.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { ALLOW_ALL, type CallSketch, call, policyOf, type SettingsSketch } from './call.ts';

const TEXT = { ...NO_CONTENT_NEEDS, text: true };
const SECRETS = { ...NO_CONTENT_NEEDS, secrets: true };
const PERSONAL = { ...NO_CONTENT_NEEDS, pii: true };
const EVERYTHING = { ...TEXT, secrets: true, pii: true };

function needs(when: JsonObject | undefined, sketch: CallSketch = {}, settings: SettingsSketch = {}) {
  const rules = when === undefined ? [ALLOW_ALL] : [{ name: 'a', action: 'deny', when }, ALLOW_ALL];
  return policyOf(rules, settings).callNeeds(call(sketch));
}

describe('what a policy asks of the content of a call', () => {
  it.each([
    ['nothing', undefined, NO_CONTENT_NEEDS],
    ['a path', { path: '/etc/*' }, NO_CONTENT_NEEDS],
    ['findings of parsers', { finding: ['sql.*', 'url.internal'] }, NO_CONTENT_NEEDS],
    ['an argument of that name', { 'args.score': { gt: 5 } }, NO_CONTENT_NEEDS],
    ['the score', { score: { gte: 70 } }, SCORE_NEEDS],
    ['one finding of text', { finding: 'prompt.override' }, TEXT],
    ['a family of text', { finding: 'prompt.*' }, TEXT],
    ['a part of a family', { finding: 'te*' }, TEXT],
    ['credentials', { finding: { in: ['secret.jwt', 'sql.drop'] } }, SECRETS],
    ['personal data', { finding: 'pii.card' }, PERSONAL],
    ['an equal id', { finding: { eq: 'secret.known' } }, SECRETS],
    ['every id', { finding: '*' }, EVERYTHING],
    ['what ends so', { finding: '*.token' }, EVERYTHING],
    ['any finding at all', { finding: { exists: true } }, EVERYTHING],
    ['all but one', { finding: { ne: 'sql.drop' } }, EVERYTHING],
    ['a pattern', { finding: { matches: '^x' } }, EVERYTHING],
  ] as const)('is known from its rules: %s', (_, when, want) => {
    expect(needs(when as JsonObject | undefined)).toEqual(want);
  });

  it('is asked only of calls that meet everything else that the rule says', () => {
    const when = { score: { gte: 70 }, tool_name: 'pay', capability: 'payment.send' };
    expect(needs(when, { tool: 'pay', capabilities: ['payment.send'] })).toEqual(SCORE_NEEDS);
    expect(needs(when, { tool: 'read', capabilities: ['payment.send'] })).toEqual(NO_CONTENT_NEEDS);
    expect(needs(when, { tool: 'pay', capabilities: ['db.read'] })).toEqual(NO_CONTENT_NEEDS);
  });

  it('is asked of calls of which nobody knows whether they meet it', () => {
    const when = { score: { gte: 70 }, note: { matches: 'x' } };
    expect(needs(when, { args: { note: 'y'.repeat(20_000) } })).toEqual(SCORE_NEEDS);
  });

  it('is asked by invariants and by rules in shadow too', () => {
    const when = { finding: 'prompt.*' };
    for (const more of [{ invariant: true }, { mode: 'shadow' }]) {
      const policy = policyOf([{ name: 'a', action: 'deny', when, ...more }, ALLOW_ALL]);
      expect(policy.callNeeds(call())).toEqual(TEXT);
    }
  });

  it('is asked by settings whatever the rules say', () => {
    expect(needs(undefined, {}, { guards: { requests: {} } })).toEqual(SCORE_NEEDS);
    const personal = { kinds: ['card'], requests: 'deny' } as const;
    expect(needs(undefined, {}, { guards: { pii: personal } })).toEqual(PERSONAL);
    expect(needs(undefined, {}, { guards: { pii: personal, requests: {} } })).toEqual({
      ...SCORE_NEEDS,
      pii: true,
    });
    expect(needs(undefined, {}, { guards: { pii: { kinds: ['card'], results: 'mask' } } })).toEqual(
      NO_CONTENT_NEEDS,
    );
    const pattern = (action: 'mask' | 'block') => [{ name: 'badge', pattern: 'B-[0-9]+', action }];
    expect(needs(undefined, {}, { guards: { patterns: pattern('block') } })).toEqual(PERSONAL);
    expect(needs(undefined, {}, { guards: { patterns: pattern('mask') } })).toEqual(NO_CONTENT_NEEDS);
    expect(needs({ finding: 'prompt.*' }, {}, { guards: { secrets: 'deny' } })).toEqual({
      ...TEXT,
      secrets: true,
    });
    expect(needs(undefined, {}, { guards: { results: { high: 'withhold' } } })).toEqual(NO_CONTENT_NEEDS);
  });
});
