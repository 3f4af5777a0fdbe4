import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  compilePolicy,
  DEFAULT_SETTINGS,
  decide,
  inspect,
  linkManifests,
  NO_FACTS,
  readDocument,
  readManifest,
  startSnapshot,
} from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { createInspectPlatform } from '../../packages/aegis/src/inspect/platform.ts';
import { sha256 } from '../../packages/aegis/src/platform.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const text = (file: string): string => readFileSync(root + file, 'utf8');
const blocks = (file: string, language: string): string[] =>
  [...text(file).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, code]) => code ?? '',
  );

const [rules = ''] = blocks('README.md', 'toml');
const [denial = ''] = blocks('README.md', 'json');

function policyOf(policy: string) {
  const document = readDocument({ text: policy, file: 'README.toml' });
  const parts = [{ document, path: ['policies'] }];
  const compiled = compilePolicy({ parts, settings: DEFAULT_SETTINGS, sha256 });
  expect(compiled.diagnostics).toEqual([]);
  if (compiled.policy === undefined) throw new Error('no policy');
  return compiled.policy;
}

function manifestOf(server: string) {
  const document = readDocument({
    text: text(`examples/workspace/manifests/${server}.yaml`),
    file: `${server}.yaml`,
  });
  const { manifest } = readManifest(document, { resolve: (path) => path });
  if (manifest === undefined) throw new Error(`no manifest of ${server}`);
  return linkManifests([{ manifest, document }]);
}

function request(server: string, name: string, args: Record<string, string>) {
  return {
    id: 'call_1',
    subject: { tenant: 'default', agent: 'local', user: 'local', session: 'ses_1' },
    action: { method: 'tools/call', door: 'mcp-stdio' },
    resource: { kind: 'tool', server, name },
    args,
    nowMs: 0,
  } as const;
}

const idle = {
  snapshot: startSnapshot({ tenant: 'default', session: 'ses_1', agent: 'local', user: 'local' }),
  receipts: new Map(),
  callFingerprint: '',
};

describe('the README', () => {
  it('has one example of rules and one of a denial, which are tested here', () => {
    expect([blocks('README.md', 'toml').length, blocks('README.md', 'json').length]).toEqual([1, 1]);
  });

  it('its rules do what their comments say', async () => {
    const policy = policyOf(rules);
    const platform = await createInspectPlatform({ baseDir: '/', homeDir: '/', dialects: ['sqlite'] });
    const { manifests } = manifestOf('database');
    const server = manifests.get('database');
    const drop = request('database', 'execute', { sql: 'DROP TABLE customers' });
    const facts = inspect({ request: drop, server, platform });
    expect(decide(policy, { ...idle, request: drop, server, facts })).toMatchObject({
      effect: 'deny',
      rule: 'no-destructive-ops',
    });
    for (const [path, effect] of [
      ['/srv/workspace/a.txt', 'allow'],
      ['/srv/workspace/../secret', 'deny'],
    ] as const) {
      const read = request('files', 'read_file', { path });
      const found = inspect({ request: read, server: undefined, platform });
      expect(decide(policy, { ...idle, request: read, server: undefined, facts: found }).effect).toBe(effect);
    }
  });

  it('its denial is what an agent of the example workspace is told', () => {
    const policy = policyOf('[[policies]]\nname = "all"\naction = "allow"\n');
    const { manifests, receipts } = manifestOf('objects');
    const { reasons } = decide(policy, {
      ...idle,
      request: request('objects', 'promote', { key: 'silver/customers.csv' }),
      server: manifests.get('objects'),
      receipts,
      facts: { ...NO_FACTS, capabilities: ['data.promote'] },
    });
    const { code, message, remedy } = reasons[0];
    const { decision_id, ...shown } = JSON.parse(denial) as Record<string, string>;
    expect(shown).toEqual({ code, message, remedy });
    expect(decision_id).toMatch(/^call_/);
  });
});

describe.each([
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'examples/README.md',
  'docs/decisions/README.md',
])('%s', (file) => {
  it('names only scripts that there are', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    const named = [...text(file).matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name]) => name ?? '');
    for (const name of named) expect(Object.keys(scripts)).toContain(name);
    if (file === 'README.md') expect(named).toContain('demo');
  });

  it('links only to what there is', () => {
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    const links = [...text(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link]) => link ?? '');
    for (const link of links) expect(existsSync(root + folder + link), link).toBe(true);
  });
});
