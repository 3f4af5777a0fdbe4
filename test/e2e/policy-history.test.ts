import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, connectStdio } from './aegis.ts';

const PROGRAM = fileURLToPath(new URL('./answering-server.ts', import.meta.url));

let folder: string;
let configuration: string;

const path = (name: string): string => join(folder, name);
const write = (name: string, text: string) => writeFileSync(path(name), text);
const read = (name: string): string => readFileSync(path(name), 'utf8');
const command = (...args: string[]) => aegis([...args, '--config', configuration], { cwd: folder });

const RULES = `[[policies]]
name = "reads"
action = "allow"
when = { tool_name = "read" }

[[policies]]
name = "no-deleting"
action = "deny"
when = { tool_name = "delete" }
`;

const DRAFT = `[[policies]]
name = "asked"
action = "require_approval"
when = { tool_name = "read" }

[[policies]]
name = "deletes"
action = "allow"
when = { tool_name = "delete" }
`;

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

interface Line {
  readonly cause: string;
  readonly policy_digest: string;
  readonly signature?: { readonly public_key: string };
}

async function history(): Promise<readonly Line[]> {
  const { stdout } = await command('policy', 'history', '--json');
  return (JSON.parse(stdout) as { policies: readonly Line[] }).policies;
}

const digestNow = async (): Promise<string> =>
  /digest ([0-9a-f]{64})/.exec((await command('policy', 'check')).stdout)?.[1] ?? '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-history-'));
  configuration = path('aegis.toml');
  const server = JSON.stringify([process.execPath, PROGRAM, 'tools', 'read,write,delete', path('journal')]);
  write('aegis.toml', `policy = ["policy.toml"]\n[[servers]]\nname = "tools"\ncommand = ${server}\n`);
  write('policy.toml', RULES);
  write('draft.toml', DRAFT);
  const client = await connectStdio(configuration);
  for (const [name, topic] of [
    ['read', 'a'],
    ['delete', 'b'],
    ['write', 'c'],
    ['write', 'd'],
  ] as const) {
    await client.callTool({ name, arguments: { topic } });
  }
  await client.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

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

describe('a policy that a person puts in place', () => {
  it('is on record, and so is the way back, exactly', async () => {
    const before = await digestNow();
    const applied = await command('policy', 'apply', 'draft.toml', '--yes');
    expect(applied.code).toBe(0);
    expect(applied.stdout).toContain('+name = "asked"');
    expect(read('policy.toml')).toBe(DRAFT);
    const after = await digestNow();
    expect((await history()).map(({ cause, policy_digest }) => [cause, policy_digest])).toEqual([
      ['start', before],
      ['apply', after],
    ]);
    expect((await command('policy', 'rollback', '--yes')).code).toBe(0);
    expect(read('policy.toml')).toBe(RULES);
    expect((await history()).map(({ cause }) => cause)).toEqual(['start', 'apply', 'rollback']);
    // The newest one by its digest, too.
    const diff = await command('policy', 'diff', after.slice(0, 12));
    expect(diff.stdout).toContain('+name = "asked"');
    expect((await command('ledger', 'verify')).code).toBe(0);
  });

  it('is not written without a person who says so, and no half of it is', async () => {
    const { code, stderr } = await command('policy', 'apply', 'draft.toml');
    expect([code, stderr]).toEqual([2, expect.stringContaining('nothing was written')]);
    write('broken.toml', '[[policies]]\nname = "x"\naction = "perhaps"\n');
    expect((await command('policy', 'apply', 'broken.toml', '--yes')).stderr).toContain(
      'unknown action `perhaps`',
    );
    expect(read('policy.toml')).toBe(RULES);
  });

  it('can be a bundle of its own, and no file outside of the folder', async () => {
    write('policy.toml', DRAFT);
    expect((await command('policy', 'bundle', '--out', 'draft.bundle.json')).code).toBe(0);
    write('policy.toml', RULES);
    expect((await command('policy', 'apply', 'draft.bundle.json', '--yes')).code).toBe(0);
    expect(read('policy.toml')).toBe(DRAFT);
    expect((await command('policy', 'rollback', '--yes')).code).toBe(0);
    const bundle = JSON.parse(read('draft.bundle.json'));
    const outside = join(folder, '..', 'outside.toml');
    for (const name of [outside, '.aegis/outside.toml']) {
      const entry = bundle.files['aegis.toml'].replace('"policy.toml"', JSON.stringify(name));
      const files = { 'aegis.toml': entry, [name]: DRAFT };
      write('foreign.bundle.json', JSON.stringify({ ...bundle, files }));
      const { stderr } = await command('policy', 'apply', 'foreign.bundle.json', '--yes');
      expect(stderr).toContain('outside of the folder');
    }
    expect(existsSync(outside)).toBe(false);
  });

  it('must be signed by a trusted key in prod', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    write('key.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
    const plain = read('aegis.toml');
    write('aegis.toml', `trust_mode = "prod"\n${plain}\n[trust]\nkeys = ["${raw}"]\n`);
    expect((await command('policy', 'apply', 'draft.toml', '--yes')).stderr).toContain(
      'the policy is not signed',
    );
    write('policy.toml', DRAFT);
    expect((await command('policy', 'bundle', '-o', 'signed.json', '--sign', 'key.pem')).stdout).toContain(
      'signed',
    );
    write('policy.toml', RULES);
    expect((await command('policy', 'apply', 'signed.json', '--yes')).code).toBe(0);
    expect(read('policy.toml')).toBe(DRAFT);
    expect((await history()).at(-1)?.signature?.public_key).toBe(raw);
    // A letter more, and the signature is over something else.
    const changed = read('signed.json').replace('name = \\"asked\\"', 'name = \\"asked2\\"');
    write('changed.json', changed);
    expect((await command('policy', 'apply', 'changed.json', '--yes')).stderr).toContain(
      'not over this policy',
    );
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
