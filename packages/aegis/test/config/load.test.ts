import { join } from 'node:path';
import { DEFAULT_SETTINGS } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { faults, load, loaded } from './loading.ts';
import { HTTP, PATTERN, STDIO } from './texts.ts';

describe('an empty configuration', () => {
  it('has every default, and paths beside its file', async () => {
    const { configuration, file, directory } = await load('');
    expect(configuration).toEqual({
      file,
      directory,
      mode: 'enforce',
      daemon: { host: '127.0.0.1', port: 8080, hosts: [], lockOut: 'network' },
      log: { level: 'info', format: 'text' },
      stdioAgent: 'local',
      trust: { mode: 'dev', keys: [] },
      store: {
        kind: 'sqlite',
        file: join(directory, '.aegis/aegis.db'),
        durability: 'group',
        leaseMs: 20_000,
      },
      ledger: { sealIntervalMs: 1000, witnesses: [], quorum: 0 },
      vault: { file: join(directory, '.aegis/vault'), key: { kind: 'own' } },
      telemetry: { metrics: 'off', followers: [], alerts: [] },
      approvals: {
        waitMs: 30_000,
        expiresMs: 900_000,
        quorum: 1,
        elicitation: 'url',
        approvers: [],
        channels: [],
      },
      limits: DEFAULT_SETTINGS.limits,
      firstSight: 'pin',
      suspectDefinitions: 'quarantine',
      risk: {},
      guards: {},
      servers: [],
      rates: [],
      loops: {},
      sequences: [],
      routes: [],
      agents: [],
      people: [],
      text: '',
      rules: undefined,
      layers: [],
      policyFiles: [],
    });
  });
});

describe('personal data in the configuration', () => {
  it('is of which kinds and leads to what, both ways', async () => {
    const { guards } = await loaded(
      '[guards]\npii = { kinds = ["email"], requests = "deny", results = "redact" }',
    );
    expect(guards.pii).toEqual({ kinds: ['email'], requests: 'deny', results: 'redact' });
  });

  it('is refused where it leads to nothing, and patterns that cannot be one', async () => {
    expect(await faults('[guards]\npii = { kinds = ["email"] }')).toEqual([
      '2:7 no-effect: `pii` leads to nothing / say what it leads to with `requests`, `results` or both',
    ]);
    const pattern = (name: string, text: string) =>
      `${PATTERN}name = '${name}'\npattern = '${text}'\naction = 'mask'\n`;
    expect(await faults(pattern('email', 'x') + pattern('a', 'x*') + pattern('a', '(?=y)'))).toEqual([
      expect.stringMatching(/^1:\d+ bad-value: the pattern `email`: `email` is the name of a kind already$/),
      expect.stringMatching(
        /^5:\d+ bad-value: the pattern `a`: it matches the empty text, and so every text$/,
      ),
      expect.stringMatching(/^9:\d+ bad-value: the pattern `a`: /),
      expect.stringMatching(/^10:\d+ duplicate-name: `a` is already the name of another entry$/),
    ]);
  });
});

describe('a configuration', () => {
  it('paths start at the file', async () => {
    const { directory, servers, policyFiles, rego } = await loaded(
      `policy = ["policies/p.toml"]\n${STDIO}cwd = "work"\nmanifest = "manifests/s.yaml"\n${HTTP}
[rego]\nfiles = ["r/a.rego"]\nentrypoint = "data.a"\ndata = "r/d.json"`,
    );
    expect([rego?.files, rego?.data]).toEqual([[join(directory, 'r/a.rego')], join(directory, 'r/d.json')]);
    expect(policyFiles).toEqual([join(directory, 'policies/p.toml')]);
    expect(servers[0]).toMatchObject({
      cwd: join(directory, 'work'),
      manifest: join(directory, 'manifests/s.yaml'),
    });
    expect((await loaded(STDIO)).servers).toMatchObject([{ cwd: expect.stringContaining('aegis-config-') }]);
  });

  it.each([
    ['aegis.yaml', 'mode: shadow\nlimits: { max_steps: 7 }'],
    ['aegis.json', '{ "mode": "shadow", "limits": { "max_steps": 7 } }'],
  ])('in %s as in TOML', async (name, text) => {
    const { configuration } = await load(text, name);
    expect(configuration).toMatchObject({ mode: 'shadow', limits: { maxSteps: 7 } });
  });
});
