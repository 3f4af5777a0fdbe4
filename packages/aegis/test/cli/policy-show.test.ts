import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CompiledPolicy,
  compilePolicy,
  DEFAULT_SETTINGS,
  formatDiagnostic,
  readDocument,
} from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { policyShow } from '../../src/cli/commands/policy-show.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { loadRules } from '../../src/daemon/rules.ts';
import { sha256 } from '../../src/platform.ts';
import { createHome, run } from './terminal.ts';

const POLICIES = fileURLToPath(new URL('../../../../policies/', import.meta.url));

type Rule = CompiledPolicy['rules'][number];

async function rulesOf(file: string): Promise<readonly Rule[]> {
  const { configuration, diagnostics } = await loadConfiguration(file);
  if (configuration === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return (await loadRules(configuration)).policy.rules;
}

/** The rules of a text, as a policy file that lies nowhere. */
function reread(text: string): readonly Rule[] {
  const document = readDocument({ text, file: 'shown.toml' });
  const { policy, diagnostics } = compilePolicy({
    parts: [{ document }],
    settings: DEFAULT_SETTINGS,
    sha256,
  });
  expect(diagnostics.map(formatDiagnostic)).toEqual([]);
  return policy?.rules ?? [];
}

function withoutPlaces(rules: readonly Rule[]): unknown {
  return rules.map((rule) => Object.assign({}, rule, { at: undefined }));
}

function project(files: Readonly<Record<string, string>>) {
  const { home, project: cwd } = createHome();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  return { home, cwd };
}

const FORMATS = {
  'aegis.toml': `policy = ["approvals.yaml", "lists.json"]

[[policies]]
name = "first"
action = "audit"
when = { tool_name = "x", "args.a\u202eb" = { gt = 1, matches = "\\\\d" } }
`,
  'approvals.yaml': `version: "1"
timezone: UTC
rules:
  - name: read
    match: { type: "get_*", target: crm }
    risk_level: low
    approval: auto
  - name: by-day
    match: { type: update }
    conditions: { time_after: "8:00", weekdays: [6, 7], param_lte: { count: 5 } }
`,
  'lists.json': '{ "filesystem": { "sandboxRoot": "/work" } }\n',
};

describe('aegis policy show', () => {
  it.each(globSync('**/aegis.toml', { cwd: POLICIES }))(
    'prints policies/%s as a file that can be read again',
    async (name) => {
      const file = join(POLICIES, name);
      const { home } = createHome();
      const { code, stdout } = await run(policyShow, { home, cwd: home, options: { config: file } });
      expect(code).toBe(0);
      expect(withoutPlaces(reread(stdout))).toEqual(withoutPlaces(await rulesOf(file)));
    },
  );

  it('prints the rules of every format as native ones, with the line that each comes from', async () => {
    const place = project(FORMATS);
    const { stdout } = await run(policyShow, place);
    expect(stdout).toBe(`# aegis.toml:3
[[policies]]
name = "first"
action = "audit"
when = { tool_name = "x", "args.a\\u202eb" = { gt = 1, matches = "\\\\d" } }

# approvals.yaml:4
[[policies]]
name = "read"
match = "tools/call"
action = "allow"
when = { tool_name = "get_*", server = "crm" }
risk = "low"

# approvals.yaml:8
[[policies]]
name = "by-day"
match = "tools/call"
action = "require_approval"
when = { tool_name = "update", "args.count" = { lte = 5 } }
time = { from = "08:00", to = "24:00", days = ["sat", "sun"], zone = "UTC" }

# lists.json:1
[[policies]]
name = "sandboxRoot"
match = "tools/call"
action = "allow"
when = { capability = ["fs.read", "fs.write", "fs.delete"], host = { exists = false }, path = { under = "/work" } }

# lists.json:1
[[policies]]
name = "not in sandboxRoot"
action = "deny"
when = { path = { exists = true } }
reason = "only files under the root of the sandbox are open"
`);
    expect(withoutPlaces(reread(stdout))).toEqual(
      withoutPlaces(await rulesOf(join(place.cwd, 'aegis.toml'))),
    );
  });

  it('leaves nothing out of a rule, and prints settings that a file asks for in words of the configuration', async () => {
    const place = project({
      'aegis.toml': `policy = ["lists.yaml"]
[[policies]]
name = "two"
action = "require_approval"
labels = ["inner"]
approvers = { quorum = 2, roles = ["lead"], people = ["ann"] }
`,
      'lists.yaml': `rateLimits: { requestsPerMinute: 9 }
promptIntegrity: { enabled: true, blockJailbreaks: true }
piiDataGuard: { action: BLOCK }
`,
    });
    const { stdout } = await run(policyShow, place);
    expect(stdout).toBe(`# aegis.toml:2
[[policies]]
name = "two"
action = "require_approval"
labels = ["inner"]
approvers = { quorum = 2, roles = ["lead"], people = ["ann"] }

# lists.yaml:1, in the configuration:
#   rates = [{ name = "rateLimits", per = [], limit = 9, window_ms = 60000, match = "*", action = "deny" }]

# lists.yaml:2, in the configuration:
#   guards.requests = { high = "deny" }
#   guards.results = { high = "withhold" }

# lists.yaml:3, in the configuration:
#   guards.pii = { kinds = ["ssn", "card", "email"], requests = "deny", results = "withhold" }
`);
    expect(withoutPlaces(reread(stdout))).toEqual(
      withoutPlaces(await rulesOf(join(place.cwd, 'aegis.toml'))),
    );
    const { stdout: json } = await run(policyShow, { ...place, options: { json: true } });
    const { settings } = JSON.parse(json) as { settings: { at: { line: number } }[] };
    expect(settings.map(({ at }) => at.line)).toEqual([1, 2, 3]);
  });

  it('shows rules of layers as comments: each layer is a policy of its own', async () => {
    const place = project({
      'aegis.toml': `[[policies]]\nname = "all"\naction = "allow"\n[[layers]]\nname = "team"\npolicy = ["team.toml"]\n`,
      'team.toml': '[[policies]]\nname = "none"\naction = "deny"\n',
    });
    const { stdout } = await run(policyShow, place);
    expect(stdout).toContain('# team.toml:1\n# [[policies]]\n# name = "team/none"\n');
    expect(reread(stdout).map(({ name }) => name)).toEqual(['all']);
    const { stdout: json } = await run(policyShow, { ...place, options: { json: true } });
    const { rules } = JSON.parse(json) as { rules: { layer?: string }[] };
    expect(rules.map(({ layer }) => layer)).toEqual([undefined, 'team']);
  });

  it('with --json has the digest and each rule with its place', async () => {
    const place = project(FORMATS);
    const { stdout } = await run(policyShow, { ...place, options: { json: true } });
    const shown = JSON.parse(stdout) as { digest: string; rules: unknown[] };
    expect(shown.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(shown.rules[1]).toEqual({
      at: { file: 'approvals.yaml', line: 4, column: 5 },
      rule: {
        name: 'read',
        match: 'tools/call',
        action: 'allow',
        when: { tool_name: 'get_*', server: 'crm' },
        risk: 'low',
      },
    });
  });

  it('fails with every mistake of every file, in its place', async () => {
    const place = project({ ...FORMATS, 'lists.json': '{ "allowedDomains": [], "rules": [] }' });
    const { code, stdout, stderr } = await run(policyShow, place);
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('lists.json:1:25: `rules` is of another format than `allowedDomains`');
  });

  it('prints nothing for no rules', async () => {
    expect((await run(policyShow, project({ 'aegis.toml': '' }))).stdout).toBe('');
  });
});
