import { formatDiagnostic } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import type { Flags } from '../../src/config/flat/flat.ts';
import { readConfiguration } from '../../src/config/load.ts';
import { settingsOf } from '../../src/config/settings.ts';

function read(text: string, flags?: Flags) {
  const { configuration, diagnostics } = readConfiguration('/w/aegis.yaml', text, flags);
  return { configuration, said: diagnostics.map(formatDiagnostic) };
}

const FLAT = `dsn: 'file:log.db?mode=rwc&cache=shared&_journal_mode=WAL'
addr: '127.0.0.1:9000'
trust_mode: 'prod'
manifest: 'agent.json'
rate_limit: 120
telemetry:
  path: 'traces.ndjson'
log: { level: 'warn', format: 'json' }
`;

describe('a flat configuration', () => {
  it('has each of its keys where the one form has it', () => {
    const { configuration, said } = read(FLAT);
    expect(said).toEqual([]);
    expect(configuration).toMatchObject({
      store: { kind: 'sqlite', file: '/w/log.db' },
      daemon: { host: '127.0.0.1', port: 9000, anonymous: 'local' },
      trust: { mode: 'prod' },
      stdioManifest: '/w/agent.json',
      rates: [
        { name: 'rate_limit', per: ['tenant', 'agent'], limit: 120, windowMs: 60_000, match: 'tools/call' },
      ],
      telemetry: { followers: [{ name: 'traces', format: 'spans' }] },
      log: { level: 'warn', format: 'json' },
    });
    expect(configuration?.rules?.document.value).toMatchObject({ policies: [{ action: 'allow' }] });
  });

  it('can have keys of the one form beside its own', () => {
    const rule = "policies: [{ name: none, action: deny }]\nservers: [{ name: a, command: ['a'] }]\n";
    const { configuration } = read(`${FLAT}${rule}`);
    expect(configuration?.rules?.document.value).toMatchObject({ policies: [{ name: 'none' }] });
    expect(configuration?.servers).toHaveLength(1);
  });

  it('says where a mistake is as it was written', () => {
    const { said } = read(
      "addr: nowhere\nrate_limit: many\ndsn: 'file:a.db?mode=ro'\ndaemon: { addr: '127.0.0.1:1' }\n",
    );
    expect(said.map((line) => line.split('\n', 1)[0])).toEqual([
      '/w/aegis.yaml:1:7: `daemon.addr` says the same as `addr`',
      '/w/aegis.yaml:2:13: `rates.0.limit`: expected number',
      '/w/aegis.yaml:3:6: the store knows no parameter `mode=ro`',
    ]);
  });

  it('is refused to the network as any other', () => {
    expect(read("addr: ':8080'\n").said.join()).toMatch(
      /^\/w\/aegis\.yaml:1:7: `0\.0\.0\.0` is not a loopback/,
    );
    expect(read("mcp_addr: ':8081'\n").said.join()).toContain('1:11: `0.0.0.0` is not a loopback address');
  });

  it('takes those who show no token for the agent that the manifest is for', () => {
    const { configuration } = read(`${FLAT}stdio: { agent: reader }\n`);
    expect(configuration).toMatchObject({ stdioAgent: 'reader', daemon: { anonymous: 'reader' } });
  });

  it('makes nobody of those who show no token where it names agents', () => {
    const { configuration } = read(`${FLAT}agents: [{ name: a, token: { env: A } }]\n`);
    expect(configuration?.daemon.anonymous).toBeUndefined();
  });

  it('is told from the one form by its keys: an empty file lets nobody do anything', () => {
    const { configuration } = read('mode: enforce\n');
    expect(configuration?.daemon.anonymous).toBeUndefined();
    expect(configuration?.rules).toBeUndefined();
  });
});

describe('flags', () => {
  it('stand in place of what a file of either form says', () => {
    for (const text of [
      FLAT,
      "daemon: { addr: '127.0.0.1:9000' }\nrates: [{ name: rate_limit, limit: 1, window_ms: 1000 }]\n",
    ]) {
      const { configuration } = read(text, {
        addr: '127.0.0.1:1',
        mcp_addr: '127.0.0.1:2',
        rate_limit: 7,
        trust_mode: 'dev',
        'telemetry.disabled': true,
      });
      expect(configuration).toMatchObject({
        daemon: { port: 1, mcp: { host: '127.0.0.1', port: 2 } },
        rates: [{ limit: 7, windowMs: 60_000 }],
        trust: { mode: 'dev' },
        telemetry: { followers: [] },
      });
    }
  });

  it('are the place of what is wrong with them, and where a setting comes from', () => {
    expect(read('mode: enforce\n', { addr: ':8080' }).said.join()).toMatch(/^--addr:1:1: `0\.0\.0\.0`/);
    const { configuration } = read(FLAT, { dsn: 'file:/elsewhere.db' });
    const settings = configuration === undefined ? [] : settingsOf(configuration);
    expect(settings).toContainEqual({ key: 'store.dsn', value: 'file:/elsewhere.db', origin: '--dsn' });
    expect(settings).toContainEqual({
      key: 'daemon.addr',
      value: '127.0.0.1:9000',
      origin: '/w/aegis.yaml:2',
    });
  });
});
