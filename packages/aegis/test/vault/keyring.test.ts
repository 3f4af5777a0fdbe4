import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openVault } from '../../src/vault/vault.ts';
import { keyringKey } from '../../src/vault/wrapping/keyring.ts';
import { openFolder } from './ground.ts';
import { change, placeIn, put } from './place.ts';

// What the programs of the two systems do with these arguments, on a file in place of a keyring.
const SECRET_TOOL = `#!/bin/sh
echo "$@" >> "$HOME/called"
env | cut -d= -f1 >> "$HOME/saw"
case "$1" in
  lookup) [ -f "$HOME/kept" ] && cat "$HOME/kept" || exit 1 ;;
  store) cat > "$HOME/kept" ;;
esac
`;
const SECURITY = `#!/bin/sh
echo "$@" >> "$HOME/called"
case "$1" in
  find-generic-password) [ -f "$HOME/kept" ] && cat "$HOME/kept" || { echo "not found" >&2; exit 44; } ;;
  -i) read -r verb s service a account w value; printf '%s\\n' "$value" > "$HOME/kept" ;;
esac
`;

describe.skipIf(process.platform === 'win32')('a vault whose key is in the keyring', () => {
  test.each([
    ['linux', 'secret-tool', SECRET_TOOL],
    ['darwin', 'security', SECURITY],
  ] as const)(
    'of %s is opened with it, and the key is never an argument',
    async (platform, program, script) => {
      const home = openFolder();
      writeFileSync(join(home, program), script);
      chmodSync(join(home, program), 0o755);
      const environment = { HOME: home, PATH: `${home}:/usr/bin:/bin`, STRIPE_KEY: 'not for it' };
      const place = placeIn(openFolder(), keyringKey('aegis', environment, platform));
      await change(place, put('A', 'value of a'));
      expect((await openVault(place))?.reveal('A')?.value).toBe('value of a');
      const kept = readFileSync(join(home, 'kept'), 'utf8').trim();
      expect(kept).toMatch(/^[A-Za-z0-9+/]{43}=$/);
      expect(readFileSync(join(home, 'called'), 'utf8')).not.toContain(kept);
      if (existsSync(join(home, 'saw')))
        expect(readFileSync(join(home, 'saw'), 'utf8')).not.toContain('STRIPE_KEY');
    },
  );

  test('is closed where there is no keyring, or another one', async () => {
    const nowhere = { PATH: openFolder() };
    const place = placeIn(openFolder(), keyringKey('aegis', nowhere, 'linux'));
    await expect(change(place, put('A', 'b'))).rejects.toThrow(/there is no program `secret-tool` on PATH/);
    expect(existsSync(place.file)).toBe(false);
  });

  test.each([
    ['linux', 'secret-tool', 'lookup) echo "Cannot get secret of a locked object" >&2; exit 1'],
    ['linux', 'secret-tool', 'lookup) exit 1 ;; search) echo "[/org/freedesktop/secrets/1]"'],
    ['linux', 'secret-tool', 'lookup) kill -9 $$'],
    ['darwin', 'security', 'find-generic-password) exit 51'],
  ] as const)(
    'of %s is not put in place of one that %s does not give out: %s',
    async (platform, program, ends) => {
      const home = openFolder();
      const script = `#!/bin/sh\ncase "$1" in ${ends} ;; esac\n[ "$1" = search ] || echo "$1" > "$HOME/stored"\n`;
      writeFileSync(join(home, program), script, { mode: 0o755 });
      const key = keyringKey('aegis', { HOME: home, PATH: `${home}:/usr/bin:/bin` }, platform);
      await expect(change(placeIn(openFolder(), key), put('A', 'b'))).rejects.toThrow(
        /does not give the key out/,
      );
      expect(existsSync(join(home, 'stored'))).toBe(false);
    },
  );

  test('is closed for another account, whose keyring has no such key', async () => {
    const [home, other] = [openFolder(), openFolder()];
    for (const folder of [home, other]) {
      writeFileSync(join(folder, 'secret-tool'), SECRET_TOOL);
      chmodSync(join(folder, 'secret-tool'), 0o755);
    }
    const surroundings = (folder: string) => ({ HOME: folder, PATH: `${folder}:/usr/bin:/bin` });
    const place = placeIn(openFolder(), keyringKey('aegis', surroundings(home), 'linux'));
    await change(place, put('A', 'b'));
    const foreign = openVault({ ...place, key: keyringKey('aegis', surroundings(other), 'linux') });
    await expect(foreign).rejects.toThrow(/it holds no such key/);
  });
});
