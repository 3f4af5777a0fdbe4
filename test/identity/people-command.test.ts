// `aegis people` as a user runs it, and the token that it shows at a daemon.
import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aegis, startDaemon } from '../e2e/aegis.ts';

const BEFORE = `# who may do what
[daemon]
addr = "127.0.0.1:0"

[[people]]
name = "ann" # the first
roles = ["auditor"]
token = { env = "ANN" }

[limits]
max_steps = 5
`;

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-people-'));
  file = join(folder, 'aegis.toml');
  writeFileSync(file, BEFORE);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const people = (...args: readonly string[]) => aegis(['people', ...args, '--config', file]);
const text = () => readFileSync(file, 'utf8');

it('a person is added with the digest alone, listed, let in with the token that was shown, and removed', async () => {
  const added = await people(
    'add',
    'bob@acme.test',
    '--role',
    'auditor',
    '--role',
    'approver',
    '--tenant',
    'acme',
    '--yes',
  );
  expect(added.code).toBe(0);
  const token = /^ {2}(aegis_[\w-]{43})$/m.exec(added.stdout)?.[1] ?? '';
  expect(added.stdout.split(token)).toHaveLength(2);
  expect(text()).not.toContain(token);
  expect(text()).toBe(
    BEFORE.replace(
      '\n[limits]',
      `\n[[people]]\nname = "bob@acme.test"\nroles = ["auditor", "approver"]\ntenant = "acme"\ntoken_sha256 = "${hash('sha256', token)}"\n\n[limits]`,
    ),
  );
  const { stdout } = await people('list', '--json');
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { name: 'ann', roles: ['auditor'], token: 'env:ANN' },
    { name: 'bob@acme.test', roles: ['auditor', 'approver'], tenant: 'acme', token: 'digest' },
  ]);
  const daemon = await startDaemon(file, { ANN: 'ann-token' });
  const origin = new URL(daemon.url).origin;
  const see = (bearer: string) =>
    fetch(`${origin}/v1/policies`, { headers: { Authorization: `Bearer ${bearer}` } });
  expect((await see(token)).status).toBe(200);
  expect((await see(hash('sha256', token))).status).toBe(401);
  expect((await see(`${token}x`)).status).toBe(401);
  await daemon.stop();
  expect((await people('remove', 'bob@acme.test', '--yes')).code).toBe(0);
  expect(text()).toBe(BEFORE);
}, 60_000);

it('nothing is written without a known role, twice under a name, or without a yes', async () => {
  for (const [args, code, why] of [
    [['add', 'eve'], 2, 'say what the person may do'],
    [['add', 'eve', '--role', 'root'], 2, '`root` is no role'],
    [['add', 'ann', '--role', 'admin', '--yes'], 5, 'already has a person `ann`'],
    [['add', 'two words', '--role', 'admin', '--yes'], 5, 'people.1.name'],
    [['remove', 'eve', '--yes'], 5, 'has no person `eve`'],
  ] as const) {
    const { code: found, stderr, stdout } = await people(...args);
    expect([found, stderr]).toEqual([code, expect.stringContaining(why)]);
    expect(stdout).not.toContain('aegis_');
  }
  const unasked = await people('add', 'eve', '--role', 'admin');
  expect(unasked.code).not.toBe(0);
  expect(unasked.stdout).not.toContain('shown this once');
  expect(text()).toBe(BEFORE);
}, 60_000);
