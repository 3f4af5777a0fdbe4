import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, formatDiagnostic } from '@aegis/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvePath } from '../../src/inspect/resolve-path.ts';
import { sha256 } from '../../src/platform.ts';
import { loadRuleset } from '../../src/source/ruleset.ts';

let folder: string;

beforeEach(() => {
  folder = resolvePath(mkdtempSync(join(tmpdir(), 'aegis-ruleset-')));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function load(policyFiles: readonly string[], servers: readonly { name: string; manifest?: string }[]) {
  const { mode, limits, risk } = DEFAULT_SETTINGS;
  const settings = { mode, limits, risk };
  const trust = { mode: 'dev', keys: [] } as const;
  const sources = { rules: undefined, policyFiles, servers, agents: [], trust, settings, resolvePath };
  const { ruleset, diagnostics } = await loadRuleset(sources, sha256);
  return { ruleset, faults: diagnostics.map((one) => formatDiagnostic(one).replaceAll(`${folder}/`, '')) };
}

const RULE = '[[policies]]\nname = "r"\naction = "allow"\n';
const DATA = `server: data
fs: { read_roots: [link] }
tools: { check: { capabilities: [] }, stat: { capabilities: [fs.read] } }
receipts:
  ok: { minted_by: check, when: { valid: true }, subject: key, content: { tool: stat, field: sha256 }, ttl_ms: 9 }
`;

describe('a ruleset', () => {
  it('joins the rules, the manifests and the receipts', async () => {
    symlinkSync('.', join(folder, 'link'));
    const policy = file('p.toml', `${RULE}requires = ["ok"]\n`);
    const { ruleset, faults } = await load(
      [policy],
      [{ name: 'data', manifest: file('data.yaml', DATA) }, { name: 'bare' }],
    );
    expect(faults).toEqual([]);
    expect([...(ruleset?.manifests.keys() ?? [])]).toEqual(['data']);
    // Roots are real paths, like the paths that are held against them.
    expect(ruleset?.manifests.get('data')?.fs?.readRoots).toEqual([folder]);
    expect(ruleset?.receipts.get('ok')).toMatchObject({ server: 'data' });
    expect(ruleset?.mints.get('data')?.get('check')).toMatchObject([{ name: 'ok' }]);
  });

  it('has another digest when a manifest says something else', async () => {
    const policy = file('p.toml', RULE);
    const digest = async (text: string) => {
      const { ruleset } = await load([policy], [{ name: 'data', manifest: file('data.yaml', text) }]);
      return ruleset?.policy.digest;
    };
    const one = await digest('server: data\ntools: { a: { capabilities: [exec] } }');
    expect(await digest('server: data\ntools: { a: { capabilities: [fs.read] } }')).not.toBe(one);
    expect(await digest('tools:\n  a:\n    capabilities: [exec]\nserver: data')).toBe(one);
  });

  it('is none when anything is wrong, and all of it is reported, file by file', async () => {
    symlinkSync('loop', join(folder, 'loop'));
    const { ruleset, faults } = await load(
      [file('p.toml', `${RULE}requires = ["none"]\n`), join(folder, 'missing.toml')],
      [
        { name: 'data', manifest: file('data.yaml', 'server: date\n') },
        { name: 'web', manifest: file('web.yaml', 'server: web\nfs: { read_roots: [loop] }\ntols: {}\n') },
        { name: 'empty', manifest: file('empty.yaml', '') },
        { name: 'gone', manifest: join(folder, 'gone.yaml') },
      ],
    );
    expect(ruleset).toBeUndefined();
    expect(faults).toEqual([
      'data.yaml:1:9: this manifest is for `date`, but server `data` names it',
      'empty.yaml:1:1: `the file` must be a table, not null',
      'gone.yaml:1:1: cannot read `gone.yaml`: ENOENT',
      'missing.toml:1:1: cannot read `missing.toml`: ENOENT',
      'p.toml:1:1: rule `r` requires the receipt `none`, which no manifest defines',
      'web.yaml:2:19: the path `loop` cannot be resolved',
      'web.yaml:3:1: unknown key `tols`\n  help: did you mean `tools`?',
    ]);
  });

  it('has layers with files of their own, and the mistakes of all of them', async () => {
    const { mode, limits, risk } = DEFAULT_SETTINGS;
    const loadLayers = async (text: string) => {
      const layers = [{ name: 'team', mode: 'enforce', policyFiles: [file('team.toml', text)] } as const];
      const { ruleset, diagnostics } = await loadRuleset(
        {
          rules: undefined,
          policyFiles: [file('p.toml', RULE)],
          layers,
          servers: [],
          agents: [],
          trust: { mode: 'dev', keys: [] },
          settings: { mode, limits, risk },
          resolvePath,
        },
        sha256,
      );
      return {
        ruleset,
        faults: diagnostics.map((one) => formatDiagnostic(one).replaceAll(`${folder}/`, '')),
      };
    };
    const { ruleset } = await loadLayers(`${RULE}when = { path = { under = "." } }\n`);
    expect(ruleset?.policy.rules.map(({ name }) => name)).toEqual(['r', 'team/r']);
    const [layer] = ruleset?.policy.layers ?? [];
    // Relative folders are read from where the file of the layer lies.
    expect(layer?.policy.rules[0]?.when[0]?.tests).toEqual([{ op: 'under', roots: [folder] }]);
    expect((await loadLayers(`${RULE}requires = ["nobody"]\n`)).faults).toEqual([
      expect.stringContaining('rule `team/r` requires the receipt `nobody`'),
    ]);
    expect((await loadLayers('[[policies]]\nname = "x"\n')).faults).toEqual([
      expect.stringContaining('team.toml:1:1: a rule needs `action`'),
    ]);
  });
});
