import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatDiagnostic } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/load.ts';
import { settingsOf } from '../../src/config/settings.ts';
import { surroundingsOf } from '../../src/config/surroundings.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'aegis-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const FILE = '[log]\nlevel = "warn"\n[store]\ndsn = "file:here.db"\n';

function read(
  { variables = {}, defaults = '' }: { variables?: Record<string, string>; defaults?: string },
  flags?: { addr: string },
) {
  mkdirSync(join(home, 'aegis'), { recursive: true });
  if (defaults !== '') writeFileSync(join(home, 'aegis', 'defaults.toml'), defaults);
  const environment = { HOME: home, XDG_CONFIG_HOME: home, ...variables };
  const { configuration, diagnostics } = readConfiguration(
    '/srv/aegis.toml',
    FILE,
    flags,
    surroundingsOf(environment),
  );
  return {
    configuration,
    wrong: diagnostics.map((one) => formatDiagnostic(one).replaceAll(home, '~')),
    originOf: (key: string) =>
      configuration &&
      settingsOf(configuration)
        .find((setting) => setting.key === key)
        ?.origin.replace(home, '~'),
  };
}

describe('a setting', () => {
  it('of a flag goes before a variable, before the file, before the user, before the default', () => {
    const given = {
      variables: { AEGIS_CONFIG__LOG__LEVEL: 'debug', AEGIS_CONFIG__DAEMON__ADDR: '127.0.0.1:1' },
      defaults: '[log]\nlevel = "error"\nformat = "json"\n[daemon]\naddr = "127.0.0.1:2"\n',
    };
    const { configuration, originOf, wrong } = read(given, { addr: '127.0.0.1:3' });
    expect(wrong).toEqual([]);
    expect(configuration?.log).toEqual({ level: 'debug', format: 'json' });
    expect(configuration?.daemon.port).toBe(3);
    expect(originOf('daemon.addr')).toBe('--addr');
    expect(originOf('log.level')).toBe('$AEGIS_CONFIG__LOG__LEVEL');
    expect(originOf('log.format')).toBe('~/aegis/defaults.toml:3');
    expect(originOf('store.dsn')).toBe('/srv/aegis.toml:4');
    expect(originOf('store.durability')).toBe('default');
    expect(read({ defaults: given.defaults }).configuration?.log.level).toBe('warn');
  });

  it('that is a number or a list of texts can come from a variable', () => {
    const { configuration, wrong } = read({
      variables: {
        AEGIS_CONFIG__LEDGER__SEAL_INTERVAL_MS: '2000',
        AEGIS_CONFIG__DAEMON__HOSTS: 'a.test, b.test',
      },
    });
    expect(wrong).toEqual([]);
    expect(configuration?.ledger.sealIntervalMs).toBe(2000);
    expect(configuration?.daemon.hosts).toEqual(['a.test', 'b.test']);
  });

  it.each<[string, string, string]>([
    ['AEGIS_CONFIG__LOG__LEVLE', 'debug', 'did you mean AEGIS_CONFIG__LOG__LEVEL?'],
    ['AEGIS_CONFIG__NOTHING', '1', '`AEGIS_CONFIG__NOTHING` names no setting'],
    ['AEGIS_CONFIG__', '1', 'names no setting'],
    ['AEGIS_CONFIG____PROTO____X', '1', 'names no setting'],
    ['AEGIS_CONFIG__MODE', 'shadow', '`mode` is set in the configuration file alone'],
    ['AEGIS_CONFIG__LIMITS__MAX_STEPS', '1000', '`limits` is set in the configuration file alone'],
    ['AEGIS_CONFIG__LEDGER__SEAL_INTERVAL_MS', 'two', 'it takes integer'],
    ['AEGIS_CONFIG__APPROVALS__QUORUM', '1', '`approvals` is set in the configuration file alone'],
    ['AEGIS_CONFIG__DAEMON__ANONYMOUS', 'x', '`daemon.anonymous` is set in the configuration file alone'],
    ['AEGIS_CONFIG__DAEMON__LOCK_OUT', 'network', '`daemon.lock_out` is set in the configuration file alone'],
    ['AEGIS_CONFIG__TELEMETRY__FOLLOWERS', 'x', 'write it in the configuration file'],
    ['AEGIS_CONFIG__LOG__LEVEL', 'loud', '$AEGIS_CONFIG__LOG__LEVEL:1:1'],
  ])('%s=%s is refused: %s', (name, value, why) => {
    const { configuration, wrong } = read({ variables: { [name]: value } });
    expect(configuration).toBeUndefined();
    expect(wrong.join('\n')).toContain(why);
  });

  it.each([
    ['mode = "shadow"\n', "~/aegis/defaults.toml:1:1: `mode` is set in a project's configuration alone"],
    ['[[policies]]\nname = "x"\naction = "allow"\n', '`policies` is set in a project'],
    ['[daemon]\nanonymous = "x"\n', '`daemon.anonymous` is set in a project'],
    ['[log]\nlevle = "debug"\n', '~/aegis/defaults.toml:2:'],
    ['[log\n', '~/aegis/defaults.toml:2:'],
  ])('of the user that is wrong is refused: %j', (defaults, why) => {
    const { configuration, wrong } = read({ defaults });
    expect(configuration).toBeUndefined();
    expect(wrong.join('\n')).toContain(why);
  });
});
