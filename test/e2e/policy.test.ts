import { appendFileSync, existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis } from './aegis.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;

beforeAll(async () => {
  workspace = await createWorkspace();
});

afterAll(() => workspace.remove());

const explain = (...args: string[]) =>
  aegis(['policy', 'explain', ...args, '--config', workspace.configuration]);

describe('aegis policy explain', () => {
  it('names the rule that wins and each rule passed over, and why', async () => {
    const { code, stdout } = await explain('objects', 'put_object', '{"key": "silver/x.csv", "text": ""}');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ALLOW {2}POLICY_ALLOW/);
    expect(stdout).toMatch(/rules +passed +the rule `write-silver` matched first/);
    expect(stdout).toMatch(
      /read-documents +line \d+ +passed over +`server` is `objects`; the rule asks for `files`/,
    );
    expect(stdout.trimEnd()).toMatch(/write-silver +line \d+ +matched$/);
  });

  it('says what a call really is, whatever it is called', async () => {
    const { code, stdout } = await explain(
      'database',
      'execute',
      '{"sql": "delete from customers where 1 = 1"}',
    );
    expect(code).toBe(3);
    expect(stdout).toContain('db.destroy');
    expect(stdout).toContain('sql.unscoped_delete at /sql');
    expect(stdout).toMatch(/guards +denied/);
  });

  it('gives the same as JSON', async () => {
    const { code, stdout } = await explain('files', 'read_text_file', '{"path": "/etc/passwd"}', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      decision: { effect: 'deny', reasons: [{ code: 'FS_DENY' }] },
      facts: { paths: [{ real: '/etc/passwd' }] },
    });
  });

  it.each([
    [['files'], 2, 'name a server and a tool'],
    [['files', 'x', '[1]'], 5, 'not an object'],
    [['files', 'x', '{"a": 1, "a": 2}'], 5, 'no JSON object'],
    [['nobody', 'x'], 3, 'DEFAULT_DENY'],
  ] as const)('%j ends with %i', async (args, expected, words) => {
    const { code, stdout, stderr } = await explain(...args);
    expect(code).toBe(expected);
    expect(stdout + stderr).toContain(words);
  });

  it('runs nothing and records nothing', () => {
    expect(existsSync(workspace.ledger)).toBe(false);
  });
});

describe('aegis policy check', () => {
  it('counts what it read, or reports every mistake', async () => {
    const good = await aegis(['policy', 'check', '--config', workspace.configuration]);
    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(/^\d+ rules, 3 manifests, digest [0-9a-f]{64}\n$/);
    appendFileSync(
      workspace.configuration,
      '\n[[policies]]\nname = "x"\naction = "deny"\nwhen = { tool_nme = "y" }\n',
    );
    const bad = await aegis(['policy', 'check', '--config', workspace.configuration]);
    expect(bad.code).toBe(5);
    expect(bad.stderr).toContain('tool_name');
  });
});
