import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policyCheck } from '../../src/cli/commands/policy-check.ts';
import { createHome, run } from './terminal.ts';

describe('aegis policy check', () => {
  it('names the mistakes of the rules beside those of the configuration', async () => {
    const { home, project: cwd } = createHome();
    writeFileSync(
      join(cwd, 'aegis.toml'),
      'policy = ["p.toml", "gone.toml"]\n[limits]\nmax_stepz = 3\n[[policies]]\nname = "x"\naction = "alow"\n',
    );
    writeFileSync(join(cwd, 'p.toml'), '[[policies]]\nname = "x"\naction = "deny"\nbogus = 1\n');
    const { code, stderr } = await run(policyCheck, { home, cwd });
    expect(code).toBe(5);
    const faults = stderr.trimEnd().replaceAll(`${cwd}/`, '').split('\n');
    expect(faults.filter((line) => /^(?:error|[a-z.]+:\d)/.test(line))).toEqual([
      'error: the configuration has 5 errors',
      'aegis.toml:3:1: unknown key `limits.max_stepz`',
      'aegis.toml:6:10: unknown action `alow`',
      'gone.toml:1:1: cannot read `gone.toml`: ENOENT',
      'p.toml:2:8: a rule `x` exists already',
      'p.toml:4:1: unknown key `bogus`',
    ]);
  });
});
