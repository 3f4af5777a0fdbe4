// Secrets and passphrases as a person types them: on a terminal, and never shown.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, executable, type Finished } from './aegis.ts';

const TYPED = fileURLToPath(new URL('typed.py', import.meta.url));

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-typed-'));
  writeFileSync(join(folder, 'aegis.toml'), '[vault]\nkey = { passphrase = "prompt" }\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function typing(
  answers: readonly (readonly [waitedFor: string, typed: string])[],
  ...args: readonly string[]
): Promise<Omit<Finished, 'stderr'>> {
  const child = spawn('python3', [TYPED, JSON.stringify(answers), process.execPath, executable, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, stdout };
}

const WORDS = 'correct horse battery staple';
const NEW_WORDS = 'tractor lemon winter poem';
const VALUE = 'sk_live_8dJ2kQ0pLx7';

describe.skipIf(process.platform === 'win32')('on a terminal', () => {
  it('a value is typed twice, a passphrase is asked for, and neither is shown', async () => {
    const { code, stdout } = await typing(
      [
        ['passphrase for a new vault: ', `${WORDS}\r`],
        ['(not shown): ', `${VALUE}x\u007f\r`],
        ['once more: ', `${VALUE}\r`],
      ],
      ...['secret', 'add', 'STRIPE_KEY'],
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('added STRIPE_KEY to')]);
    for (const hidden of [WORDS, VALUE]) expect(stdout).not.toContain(hidden);
    expect(JSON.parse(readFileSync(join(folder, '.aegis/vault'), 'utf8')).wrapped).toMatchObject({
      kind: 'passphrase',
      cost: { n: 131072, r: 8, p: 1 },
    });
  }, 60_000);

  it('two values that are not the same, and Ctrl-C, change nothing', async () => {
    const before = readFileSync(join(folder, '.aegis/vault'), 'utf8');
    const ask = ['passphrase of the vault: ', `${WORDS}\r`] as const;
    const other = [ask, ['(not shown): ', 'one\r'], ['once more: ', 'two\r']] as const;
    const refused = await typing(other, 'secret', 'rotate', 'STRIPE_KEY');
    expect([refused.code, refused.stdout]).toEqual([2, expect.stringContaining('the two are not the same')]);
    const stopped = await typing([ask, ['(not shown): ', 'one\u0003']], 'secret', 'rotate', 'STRIPE_KEY');
    expect(stopped.code).toBe(130);
    expect(readFileSync(join(folder, '.aegis/vault'), 'utf8')).toBe(before);
  }, 60_000);

  it('a new passphrase is put in place of the one until now', async () => {
    const { code, stdout } = await typing(
      [
        ['passphrase of the vault: ', `${WORDS}\r`],
        ['new passphrase: ', `${NEW_WORDS}\r`],
        ['once more: ', `${NEW_WORDS}\r`],
      ],
      ...['secret', 'rotate-key', '--new-passphrase'],
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('the vault is encrypted with a new key')]);
    const opens = (words: string): Promise<Finished> =>
      aegis(['secret', 'rotate-key'], {
        cwd: folder,
        environment: { HOME: folder, AEGIS_VAULT_PASSPHRASE: words },
      });
    expect((await opens(NEW_WORDS)).code).toBe(0);
    const old = await opens(WORDS);
    expect([old.code, old.stderr]).toEqual([5, expect.stringContaining('the passphrase does not open it')]);
  }, 60_000);

  it('where nobody can be asked, the passphrase is missing and that is said', async () => {
    const { code, stderr } = await aegis(['secret', 'rotate-key'], {
      cwd: folder,
      environment: { HOME: folder },
    });
    expect(code).toBe(5);
    expect(stderr).toBe(`error: the vault cannot be used
  where: the passphrase
  why: there is nobody to ask for it: this is no terminal
  help: set AEGIS_VAULT_PASSPHRASE, or \`key = { passphrase = { file = "path" } }\` under [vault]
`);
  });
});
