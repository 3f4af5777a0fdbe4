import { describe, expect, it } from 'vitest';
import { compileFile, policyOfFile } from './read.ts';

const NATIVE = '[[policies]]\nname = "a"\naction = "allow"\n';

describe('a policy file', () => {
  it.each([
    ['policy.toml', NATIVE, ['a']],
    ['policy.json', '{ "$schema": "x", "policies": [{ "name": "a", "action": "deny" }] }', ['a']],
    ['policy.yaml', 'version: 1\nrules: [{ name: a }]\n', ['a']],
    [
      'policy.toml',
      'version = "1"\n[[rules]]\nname = "a"\n[defaults]\napproval = "block"\n',
      ['a', 'defaults'],
    ],
    ['policy.json', '{ "defaults": {} }', ['defaults']],
    ['policy.yaml', 'allowedDomains: []\n', ['not in allowedDomains']],
    ['policy.toml', '', []],
    ['policy.yaml', '# nothing yet\n', []],
  ])('in %s is read by what its keys say: %j', (file, text, names) => {
    expect(policyOfFile(text, file).rules.map(({ name }) => name)).toEqual(names);
  });

  it.each([
    ['a list', 'policy.yaml', '- name: a\n', 'policy.yaml:1:1: `the file` must be a table, not a list'],
    [
      'a mistyped key',
      'policy.toml',
      NATIVE.replace('policies', 'policy'),
      'policy.toml:1:3: unknown key `policy`\n  help: rules stand under `policies`',
    ],
    [
      'what belongs into the configuration',
      'policy.toml',
      `${NATIVE}[[routes]]\nprefix = "x*"\n`,
      'policy.toml:4:3: unknown key `routes`\n  help: this stands in the configuration, and a policy file has rules alone',
    ],
    [
      'a key of no format',
      'policy.yaml',
      'polices: []\n',
      'policy.yaml:1:1: unknown key `polices`\n  help: did you mean `policies`?',
    ],
  ])('with %s is refused', (_, file, text, expected) => {
    const { policy, faults } = compileFile(text, file);
    expect(policy).toBeUndefined();
    expect(faults).toContain(expected);
  });

  it('of two formats is refused, at every key that is not of the first', () => {
    const { policy, faults } = compileFile(
      'rules: [{ name: a }]\nallowedDomains: []\npolicies: []\nrulez: 1\n',
    );
    expect(policy).toBeUndefined();
    expect(faults.map((fault) => fault.replace(/\n {2}help: /, ' | '))).toEqual([
      'policy.yaml:2:1: `allowedDomains` is of another format than `rules` | a policy file has one format: put it into a file of its own',
      'policy.yaml:3:1: `policies` is of another format than `rules` | a policy file has one format: put it into a file of its own',
      'policy.yaml:4:1: unknown key `rulez` | did you mean `rules`?',
    ]);
  });

  it('that cannot be read at all has the fault of its text, and no other', () => {
    expect(compileFile('rules: [\n').faults).toHaveLength(1);
  });

  it('blames what could not be read once', () => {
    const { faults } = compileFile('rules:\n  - { name: !!binary aGk=, approval: auto }\n');
    expect(faults).toEqual(['policy.yaml:2:22: the tag `tag:yaml.org,2002:binary` is not allowed']);
  });
});
