import { SCAN_RULES, scanEntries } from '@aegis/core';
import { parse } from 'unbash';
import { describe, expect, it } from 'vitest';
import { RULE_CASES } from './rule-cases.ts';

function rulesFoundIn(path: string, text: string): readonly string[] {
  return scanEntries([{ kind: 'text', path, text }], parse).findings.map(({ rule }) => rule);
}

describe.each(RULE_CASES)('the rule $rule', ({ rule, matches, passes }) => {
  it.each(matches)('sees it in %s: %s', (path, text) => {
    expect(rulesFoundIn(path, text)).toContain(rule);
  });

  it.each(passes)('does not see it in %s: %s', (path, text) => {
    expect(rulesFoundIn(path, text)).not.toContain(rule);
  });
});

describe('the rules', () => {
  it('have ids of their own', () => {
    const ids = SCAN_RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('each have a case, but for those that say what the inspector of commands says', () => {
    const tried = new Set(RULE_CASES.map(({ rule }) => rule));
    const untried = SCAN_RULES.map(({ id }) => id).filter((id) => !tried.has(id));
    // What is about a file as such, and about a server, has tests of its own.
    expect(untried.filter((id) => !/^(?:shell|file|tool)\./.test(id))).toEqual([]);
  });

  it('say why in whole sentences', () => {
    for (const { title, why } of SCAN_RULES) {
      expect(why).toMatch(/^[A-Z`].*\.$/);
      expect(title).toMatch(/^[a-z].*[^.]$/);
    }
  });
});
