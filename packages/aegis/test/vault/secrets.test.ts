import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecretStore } from '../../src/vault/secrets.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'aegis-secrets-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const VALUE = 'correct horse battery staple';
const store = (environment: Record<string, string> = {}) => createSecretStore({ environment, directory });

function file(text: string, mode = 0o600): { file: string } {
  writeFileSync(join(directory, 'secret'), text);
  chmodSync(join(directory, 'secret'), mode);
  return { file: 'secret' };
}

describe('a secret', () => {
  it('comes from the environment or from a file, without its last line break', async () => {
    expect((await store({ TOKEN: VALUE }).resolve({ env: 'TOKEN' })).reveal()).toBe(VALUE);
    for (const text of [VALUE, `${VALUE}\n`, `${VALUE}\r\n`]) {
      expect((await store().resolve(file(text))).reveal()).toBe(VALUE);
    }
    expect((await store().resolve(file(`${VALUE}\n\n`))).reveal()).toBe(`${VALUE}\n`);
    expect((await store().resolve({ file: join(directory, 'secret') })).reveal()).toContain(VALUE);
  });

  it('is never printed', async () => {
    const secret = await store({ TOKEN: VALUE }).resolve({ env: 'TOKEN' });
    const printed = [
      String(secret),
      ['', secret].join(''),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [secret] }, { depth: 10, showHidden: true }),
      Object.values(secret).join(),
    ];
    for (const text of printed) expect(text).not.toContain('horse');
    expect(printed.slice(0, 2)).toEqual(['[secret]', '[secret]']);
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}');
  });

  it.each([0o640, 0o604, 0o660, 0o620])('in a file of mode %o is refused', async (mode) => {
    const refused = store().resolve(file(VALUE, mode));
    await expect(refused).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('can be read by other users'),
      help: expect.stringContaining('chmod 600'),
    });
    await expect(refused).rejects.not.toThrow(/horse/);
  });

  it.each(['TOKEN', 'EMPTY', 'constructor'])('that is not in the environment is refused: %s', async (env) => {
    await expect(store({ EMPTY: '' }).resolve({ env })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('that is empty, too large, not a file or not there is refused', async () => {
    mkdirSync(join(directory, 'folder'), { mode: 0o700 });
    const refused: [{ file: string }, RegExp][] = [
      [{ file: 'none' }, /cannot read secret file `.*none`: ENOENT/],
      [{ file: 'folder' }, /`.*folder` cannot be used\n.*\n.* it is not a file/],
    ];
    for (const [reference, message] of refused) {
      await expect(store().resolve(reference)).rejects.toThrow(message);
    }
    await expect(store().resolve(file('\n'))).rejects.toThrow(/is empty/);
    await expect(store().resolve(file('x'.repeat(64 * 1024 + 1)))).rejects.toThrow(/larger than 65536 bytes/);
  });
});
