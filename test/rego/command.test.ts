import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aegis } from '../e2e/aegis.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-rego-'));
  write(
    'aegis.toml',
    `[rego]
files = ["a.rego", "b.rego"]
entrypoint = "data.a.deny"

[[policies]]
name = "all"
action = "allow"
`,
  );
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

const GOOD = 'package a\n\ndeny contains "not this one" if input.request.tool in data.b.refused\n';

describe('the commands of policies, with Rego', () => {
  it('check says what is asked, and what is wrong in rules and Rego together', async () => {
    write('a.rego', GOOD);
    write('b.rego', 'package b\n\nrefused := {"rm"}\n');
    const good = await aegis(['policy', 'check'], { cwd: folder });
    expect(good.stdout).toMatch(/^1 rules, rego:data\.a\.deny, 0 manifests, digest [0-9a-f]{64}\n$/);
    write('b.rego', 'package b\n\nrefused := http.send({})\n\nother := nothing(1)\n');
    write('p.toml', '[[policies]]\nname = "x"\naction = "alow"\n');
    const rego = '[rego]\nfiles = ["a.rego", "b.rego"]\nentrypoint = "data.a.deny"\n';
    write('aegis.toml', `policy = ["p.toml"]\n${rego}`);
    const bad = await aegis(['policy', 'check'], { cwd: folder });
    expect(bad.code).toBe(5);
    for (const place of ['b.rego:3:12: ', 'b.rego:5:10: ', 'p.toml:3:10: '])
      expect(bad.stderr).toContain(place);
    expect(bad.stderr).toContain('help: policies have no network');
  });

  it('explain and test give the answer of Rego', async () => {
    write('a.rego', GOOD);
    write('b.rego', 'package b\n\nrefused := {"rm"}\n');
    const explained = await aegis(['policy', 'explain', 'files', 'rm'], { cwd: folder });
    expect(explained.stdout).toMatch(/^DENY {2}POLICY_DENY {2}not this one\n/);
    write(
      'cases.yaml',
      `cases:
  - name: refused
    call: { server: files, tool: rm }
    expect: { effect: deny, rule: 'rego:data.a.deny' }
  - name: the rest
    call: { server: files, tool: ls }
    expect: { effect: allow, rule: all }
`,
    );
    const tested = await aegis(['policy', 'test', 'cases.yaml'], { cwd: folder });
    expect([tested.code, tested.stdout]).toEqual([0, '2 passed, 0 failed; 1 of 1 rules met by a case\n']);
  });
});
