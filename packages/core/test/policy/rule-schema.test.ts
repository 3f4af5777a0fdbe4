import { expect, it } from 'vitest';
import { RULE_KEYS } from '../../src/policy/read-rule.ts';
import { RULE_SCHEMA } from '../../src/policy/rule-schema.ts';

it('the schema of a rule has the keys that are read, and no others', () => {
  expect(Object.keys(RULE_SCHEMA['properties'] as object).toSorted()).toEqual([...RULE_KEYS].toSorted());
});
