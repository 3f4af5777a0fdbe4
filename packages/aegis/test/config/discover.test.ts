import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { discoverConfiguration } from '../../src/config/discover.ts';
import { temporaryFolder } from './folder.ts';

function tree(...files: readonly string[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  for (const file of files) writeFileSync(join(folder, file), '');
  return folder;
}

describe('which configuration is used', () => {
  it('the one that is named, from where the command was given', () => {
    const folder = tree('aegis.toml', 'a/other.toml');
    expect(discoverConfiguration('other.toml', join(folder, 'a'))).toBe(join(folder, 'a/other.toml'));
    expect(discoverConfiguration(join(folder, 'a/other.toml'), '/')).toBe(join(folder, 'a/other.toml'));
  });

  it('the nearest one upwards, TOML before YAML before JSON', () => {
    const folder = tree('aegis.toml', 'a/aegis.yaml', 'a/aegis.json');
    expect(discoverConfiguration(undefined, join(folder, 'a/b'))).toBe(join(folder, 'a/aegis.yaml'));
    expect(discoverConfiguration(undefined, folder)).toBe(join(folder, 'aegis.toml'));
  });

  it("the user's own, where there is none upwards", () => {
    const user = tree('aegis.toml');
    const folder = tree('a/aegis.toml');
    expect(discoverConfiguration(undefined, folder, user)).toBe(join(user, 'aegis.toml'));
    expect(discoverConfiguration(undefined, join(folder, 'a'), user)).toBe(join(folder, 'a/aegis.toml'));
    expect(() => discoverConfiguration(undefined, folder, join(user, 'none'))).toThrow('no aegis.toml');
  });

  it.each([
    ['one that is named and is not there', 'none.toml', /no configuration file `.*none\.toml`/],
    ['none at all', undefined, /no aegis\.toml in `.*` or above it/],
  ])('%s is an error that says what to do', (_, given, message) => {
    const find = () => discoverConfiguration(given, join(tree(), 'a'));
    expect(find).toThrow(message);
    expect(find).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', help: expect.stringContaining('aegis init') }),
    );
  });
});
