import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aegis, connectStdio } from './aegis.ts';
import { callsMade, command, DRAFT, path, read, RULES, write } from './policy-ground.ts';

callsMade();

interface Simulated {
  readonly calls: number;
  readonly erased: readonly string[];
  readonly newly_allowed: readonly { readonly event: string; readonly name: string }[];
  readonly newly_denied: readonly unknown[];
  readonly newly_asked: readonly { readonly event: string; readonly name: string }[];
}

async function simulated(...args: string[]): Promise<Simulated & { code: number | null }> {
  const { code, stdout, stderr } = await command('policy', 'simulate', '--json', ...args);
  if (stdout === '') throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Simulated) };
}

describe('calls of the past', () => {
  it('are decided the same by the policy that decided them', async () => {
    expect(await simulated()).toEqual({
      code: 0,
      calls: 4,
      newly_allowed: [],
      newly_denied: [],
      newly_asked: [],
      erased: [],
      beside_policy: 0,
    });
  });

  it('are listed with their events where a draft decides otherwise', async () => {
    const { code, newly_allowed, newly_denied, newly_asked } = await simulated('--policy', 'draft.toml');
    expect(code).toBe(1);
    expect(newly_denied).toEqual([]);
    expect(newly_allowed).toMatchObject([
      {
        name: 'delete',
        agent: 'local',
        was: { effect: 'deny', code: 'POLICY_DENY', rule: 'no-deleting' },
        would: { effect: 'allow', rule: 'deletes' },
      },
    ]);
    expect(newly_asked).toMatchObject([{ name: 'read', would: { effect: 'require_approval' } }]);
    const text = await command('policy', 'simulate', '--policy', 'draft.toml');
    expect(text.stdout).toContain(
      `${newly_allowed[0]?.event}  local  tools delete  deny POLICY_DENY by no-deleting -> allow`,
    );
    expect((await simulated('--policy', 'draft.toml', '--since', '2099-01-01')).calls).toBe(0);
  });

  it('whose arguments were erased are named as not decidable', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'aegis-erased-'));
    try {
      const own = join(copy, 'aegis.toml');
      writeFileSync(own, read('aegis.toml'));
      writeFileSync(join(copy, 'policy.toml'), RULES);
      const client = await connectStdio(own);
      await client.callTool({ name: 'read', arguments: { topic: 'a' } });
      await client.close();
      const all = await aegis([
        'policy',
        'simulate',
        '--json',
        '--policy',
        path('draft.toml'),
        '--config',
        own,
      ]);
      const [{ event } = { event: '' }] = (JSON.parse(all.stdout) as Simulated).newly_asked;
      await aegis(['ledger', 'erase', '--event', event, '--because', 'a test', '--yes', '--config', own]);
      const { stdout } = await aegis([
        'policy',
        'simulate',
        '--json',
        '--policy',
        path('draft.toml'),
        '--config',
        own,
      ]);
      expect(JSON.parse(stdout)).toMatchObject({ calls: 1, erased: [event], newly_asked: [] });
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  it('lead to the least rules that would have allowed those that a person marks', async () => {
    const { newly_allowed } = await simulated('--policy', 'draft.toml');
    const [deleted] = newly_allowed;
    const { code, stdout } = await command('policy', 'suggest', '--calls', deleted?.event ?? '');
    expect(code).toBe(0);
    expect(stdout).toContain(
      '# before the rule no-deleting\n[[policies]]\nname = "allow-delete"\naction = "allow"\n',
    );
    expect(stdout).toContain('when = { agent = "local", server = "tools", tool_name = "delete" }');
    // What is printed is a policy file.
    write('suggested.toml', stdout + RULES);
    const after = await simulated('--policy', 'suggested.toml');
    expect(after).toMatchObject({ newly_denied: [], newly_asked: [], newly_allowed: [{ name: 'delete' }] });
    const session = deleted?.event.split('/')[0] ?? '';
    const whole = JSON.parse((await command('policy', 'suggest', '--session', session, '--json')).stdout);
    expect(whole).toMatchObject({
      denied: 3,
      rules: [{ rule: { name: 'allow-delete' } }, { rule: { name: 'allow-write' } }],
    });
    expect((await command('policy', 'suggest', '--calls', 'call_none')).stderr).toContain(
      'no call of `call_none`',
    );
  });
});

describe('two policies', () => {
  it('are compared in their texts and in what they say of calls', async () => {
    const { code, stdout } = await command('policy', 'diff', 'draft.toml');
    expect(code).toBe(1);
    expect(stdout).toContain('--- policy.toml');
    expect(stdout).toContain('-name = "reads"');
    expect(stdout).toMatch(/local {2}some-server delete \{\} {2}deny by no-deleting -> allow by deletes/);
    expect(stdout).toMatch(/effect on 4 calls of the ledger: 2 of them differ/);
    expect((await command('policy', 'diff', 'policy.toml')).code).toBe(0);
  });

  it('that are written differently and decide the same differ in their texts alone', async () => {
    write('same.toml', `# a comment\n${RULES}`);
    const { code, stdout } = await command('policy', 'diff', 'policy.toml', 'same.toml', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      texts: [{ name: 'policy.toml' }],
      differences: [],
      past_differences: [],
    });
  });
});

describe('where nothing was recorded yet', () => {
  it('there is no history, no call to decide again, and nothing to go back to', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'aegis-empty-'));
    try {
      writeFileSync(join(empty, 'aegis.toml'), RULES);
      const inEmpty = (...args: string[]) => aegis([...args, '--config', join(empty, 'aegis.toml')]);
      expect((await inEmpty('policy', 'history')).stdout).toBe('no policy was in force yet\n');
      const { code, stdout } = await inEmpty('policy', 'simulate');
      expect([code, stdout]).toEqual([0, '0 calls decided again, 0 of them differently\n']);
      expect((await inEmpty('policy', 'rollback', 'abcdef012345')).stderr).toContain(
        'no policy with the digest',
      );
      expect((await inEmpty('policy', 'rollback')).stderr).toContain('no other policy was in force before');
      expect(existsSync(join(empty, '.aegis'))).toBe(false);
    } finally {
      rmSync(empty, { recursive: true, force: true });
    }
  });
});

describe('aegis decide', () => {
  const request = (id: string) =>
    JSON.stringify({
      subject: { type: 'agent', id: 'local' },
      action: { name: 'tools/call' },
      resource: { type: 'tool', id, properties: { server: 'tools' } },
    });

  it.each([
    ['read', 8, { decision: false, context: { effect: 'require_approval', rule: 'asked' } }],
    ['write', 3, { decision: false, context: { effect: 'deny', reasons: [{ code: 'DEFAULT_DENY' }] } }],
    ['delete', 0, { decision: true, context: { effect: 'allow', rule: 'deletes' } }],
  ])('answers about %s as AuthZEN does and ends with %i', async (tool, code, answer) => {
    write('aegis.toml', read('aegis.toml').replace('trust_mode = "prod"\n', ''));
    write('policy.toml', DRAFT);
    write('request.json', request(tool));
    const decided = await command('decide', '-f', 'request.json');
    expect(decided.code).toBe(code);
    expect(JSON.parse(decided.stdout)).toMatchObject(answer);
  });

  it('says everything that is wrong with a request', async () => {
    write('request.json', '{"subject": 1}');
    const { code, stderr } = await command('decide', '-f', 'request.json');
    expect([code, stderr]).toEqual([5, expect.stringContaining('`subject` must be a table')]);
  });
});
