import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis } from './aegis.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-cases-'));
  writeFileSync(
    join(folder, 'aegis.toml'),
    `[[servers]]
name = "files"
command = ["true"]

[[policies]]
name = "no-nights"
action = "deny"
time = { from = "22:00", to = "06:00", zone = "Europe/Zurich" }

[[policies]]
name = "no-keys"
action = "deny"
when = { path = "*/.ssh/*" }

[[policies]]
name = "reads"
action = "allow"
when = { tool_name = "read_*" }

[[policies]]
name = "never-met"
action = "require_approval"
when = { tool_name = "send_*" }
`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(cases: string, ...options: string[]) {
  const file = join(folder, 'cases.yaml');
  writeFileSync(file, cases);
  return aegis(['policy', 'test', file, '--config', join(folder, 'aegis.toml'), ...options]);
}

const GOOD = `cases:
  - name: nobody works at three in the morning
    at: 2026-11-24T03:00:00+01:00
    call: { server: files, tool: read_file }
    expect: { effect: deny, rule: no-nights, code: POLICY_DENY }
  - name: keys stay where they are, whatever the path looks like
    at: 2026-11-24T12:00:00+01:00
    call: { server: files, tool: read_file, args: { path: /home/x/docs/../.ssh/id_rsa } }
    expect: { effect: deny, rule: no-keys }
  - name: by day everybody reads
    at: 2026-11-24T12:00:00+01:00
    call: { server: files, tool: read_file }
    expect: allow
`;

describe('aegis policy test', () => {
  it('passes when every case holds, and names the rules that none has met', async () => {
    const { code, stdout } = await run(GOOD);
    expect([code, stdout]).toEqual([
      0,
      'rules that no case has met: never-met\n3 passed, 0 failed; 3 of 4 rules met by a case\n',
    ]);
    expect((await run(GOOD, '--all-rules')).code).toBe(1);
  });

  it('fails with what was decided in place of what was expected, and where the case stands', async () => {
    const { code, stdout } = await run(GOOD.replace('expect: allow', 'expect: deny'));
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL  by day everybody reads  (');
    expect(stdout).toContain('cases.yaml:10)');
    expect(stdout).toContain('effect: expected deny, found allow');
  });

  it('writes JUnit for a CI server, with its text escaped', async () => {
    const junit = join(folder, 'report.xml');
    const { code } = await run(
      GOOD.replace('by day everybody reads', 'by day <everybody> & "all" read').replace(
        'expect: allow',
        'expect: deny',
      ),
      '--junit',
      junit,
    );
    const xml = readFileSync(junit, 'utf8');
    expect(code).toBe(1);
    expect(xml).toContain('tests="3" failures="1"');
    expect(xml).toContain('name="by day &lt;everybody&gt; &amp; &quot;all&quot; read"');
  });

  it('gives the same as JSON', async () => {
    const { stdout } = await run(GOOD, '--json');
    const { cases, untried_rules } = JSON.parse(stdout) as { cases: unknown[]; untried_rules: string[] };
    expect([cases.length, untried_rules]).toEqual([3, ['never-met']]);
  });

  it.each([
    ['cases: []', 5, 'must have 1 to'],
    [
      'cases:\n  - { name: a, call: { server: x, tool: y }, expect: perhaps }\n',
      5,
      'unknown expect `perhaps`',
    ],
  ])('refuses %j', async (text, expected, words) => {
    const { code, stderr } = await run(text);
    expect([code, stderr]).toEqual([expected, expect.stringContaining(words)]);
  });

  it('explains a call at another time', async () => {
    const at = (time: string) =>
      aegis([
        'policy',
        'explain',
        'files',
        'read_file',
        '--at',
        time,
        '--config',
        join(folder, 'aegis.toml'),
      ]);
    expect((await at('2026-11-24T03:00:00+01:00')).code).toBe(3);
    expect((await at('2026-11-24T12:00:00+01:00')).code).toBe(0);
    expect((await at('2026-11-24')).code).toBe(2);
  });
});
