import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  compilePolicy,
  DEFAULT_SETTINGS,
  readAgentManifest,
  readDecisionRequest,
  readDocument,
  readManifest,
  type SourceDocument,
} from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../packages/aegis/src/cli/commands.ts';
import { readConfiguration } from '../../packages/aegis/src/config/load.ts';
import { sha256 } from '../../packages/aegis/src/platform.ts';

const FOLDER = new URL('../../docs/reference/', import.meta.url);

/** The fenced blocks of a page whose first line says this, as documents. */
function examples(page: string, fence: string): SourceDocument[] {
  const text = readFileSync(fileURLToPath(new URL(page, FOLDER)), 'utf8');
  const [format = ''] = fence.split(' ');
  return [...text.matchAll(new RegExp(`^\`\`\`${fence}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code = '']) =>
    readDocument({ text: code, file: `${page}.${format}` }),
  );
}

const resolve = (path: string): string => `/srv/${path}`;

describe('the reference', () => {
  it('shows policies that load', () => {
    const documents = examples('policy.md', 'toml');
    expect(documents).toHaveLength(2);
    for (const document of documents) {
      const parts = [{ document, path: ['policies'] }];
      expect(compilePolicy({ parts, settings: DEFAULT_SETTINGS, sha256 }).diagnostics).toEqual([]);
    }
  });

  it('shows a flat configuration that loads', () => {
    const page = readFileSync(fileURLToPath(new URL('aegisd.md', FOLDER)), 'utf8');
    const [, text = ''] = /^```yaml\n(.*?)^```$/ms.exec(page) ?? [];
    const { configuration, diagnostics } = readConfiguration('/srv/aegis.yaml', text);
    expect(diagnostics).toEqual([]);
    expect(configuration).toMatchObject({ stdioManifest: '/srv/agent.json', log: { format: 'json' } });
  });

  it('shows servers with secrets of the vault, and a vault, that load', () => {
    const page = readFileSync(fileURLToPath(new URL('vault.md', FOLDER)), 'utf8');
    const texts = [...page.matchAll(/^```toml\n(.*?)^```$/gms)].map(([, text = '']) => text);
    expect(texts).toHaveLength(2);
    for (const text of texts) expect(readConfiguration('/srv/aegis.toml', text).diagnostics).toEqual([]);
  });

  it('shows settings and rules of guards that load', () => {
    const [settings, rules, personal, classifier, ...others] = examples('guards.md', 'toml');
    expect(others).toEqual([]);
    if (settings === undefined || rules === undefined || personal === undefined || classifier === undefined)
      throw new Error('an example is missing');
    const page = readFileSync(fileURLToPath(new URL('guards.md', FOLDER)), 'utf8');
    const texts = [...page.matchAll(/^```toml\n(.*?)^```$/gms)].map(([, text = '']) => text);
    for (const text of [texts[0], texts[2], texts[3]]) {
      expect(readConfiguration('/srv/aegis.toml', text ?? '').diagnostics).toEqual([]);
    }
    const parts = [{ document: rules, path: ['policies'] }];
    expect(compilePolicy({ parts, settings: DEFAULT_SETTINGS, sha256 }).diagnostics).toEqual([]);
  });

  it('shows limits, rates, loops and sequences that load, and a manifest with a tool that may be polled', () => {
    const page = readFileSync(fileURLToPath(new URL('limits.md', FOLDER)), 'utf8');
    const texts = [...page.matchAll(/^```toml\n(.*?)^```$/gms)].map(([, text = '']) => text);
    expect(texts).toHaveLength(4);
    for (const text of texts) expect(readConfiguration('/srv/aegis.toml', text).diagnostics).toEqual([]);
    const [manifest] = examples('limits.md', 'yaml');
    if (manifest === undefined) throw new Error('an example is missing');
    expect(readManifest(manifest, { resolve }).manifest?.tools.get('status')?.polling).toBe(60);
  });

  it('shows settings, a manifest and rules of taint that load', () => {
    const page = readFileSync(fileURLToPath(new URL('taint.md', FOLDER)), 'utf8');
    const [, text = ''] = /^```toml\n(.*?)^```$/ms.exec(page) ?? [];
    const { configuration, diagnostics } = readConfiguration('/srv/aegis.toml', text);
    expect(diagnostics).toEqual([]);
    expect(configuration?.taint?.sanitizers).toHaveLength(2);
    const [manifest, ...manifests] = examples('taint.md', 'yaml server');
    const rules = examples('taint.md', 'toml rules');
    if (manifest === undefined) throw new Error('an example is missing');
    expect([manifests.length, rules.length]).toEqual([0, 2]);
    expect(readManifest(manifest, { resolve }).diagnostics).toEqual([]);
    for (const document of rules) {
      const parts = [{ document, path: ['policies'] }];
      const { policy, diagnostics: faults } = compilePolicy({ parts, settings: DEFAULT_SETTINGS, sha256 });
      expect([faults, policy?.followsData]).toEqual([[], true]);
    }
  });

  it('shows a request that can be decided, and layers that load', () => {
    const [request, ...others] = examples('policy-bundles.md', 'json request');
    if (request === undefined || others.length > 0) throw new Error('one request was expected');
    expect(readDecisionRequest(request).diagnostics).toEqual([]);
    const page = readFileSync(fileURLToPath(new URL('policy-bundles.md', FOLDER)), 'utf8');
    const [, text = ''] = /^```toml\n(.*?)^```$/ms.exec(page) ?? [];
    const { configuration, diagnostics } = readConfiguration('/srv/aegis.toml', text);
    expect(diagnostics).toEqual([]);
    expect(configuration?.layers.map(({ name, mode }) => [name, mode])).toEqual([
      ['payments', 'enforce'],
      ['acme', 'enforce'],
      ['next-year', 'shadow'],
    ]);
  });

  it('shows rules and a manifest about actions that load', () => {
    const [rules, ...others] = examples('actions.md', 'toml');
    const [manifest] = examples('actions.md', 'yaml server');
    if (rules === undefined || manifest === undefined) throw new Error('an example is missing');
    expect(others).toEqual([]);
    const parts = [{ document: rules, path: ['policies'] }];
    expect(compilePolicy({ parts, settings: DEFAULT_SETTINGS, sha256 }).diagnostics).toEqual([]);
    expect(readManifest(manifest, { resolve }).diagnostics).toEqual([]);
  });

  it('shows settings of approvals, and rules that ask, that load', () => {
    const page = readFileSync(fileURLToPath(new URL('approvals.md', FOLDER)), 'utf8');
    const texts = [...page.matchAll(/^```toml\n(.*?)^```$/gms)].map(([, text = '']) => text);
    expect(texts).toHaveLength(3);
    for (const text of texts) {
      const { configuration, diagnostics } = readConfiguration('/srv/aegis.toml', text);
      expect(diagnostics).toEqual([]);
      const parts = configuration?.rules === undefined ? [] : [configuration.rules];
      expect(compilePolicy({ parts, settings: DEFAULT_SETTINGS, sha256 }).diagnostics).toEqual([]);
    }
  });

  it('shows followers and alerts that load', () => {
    const page = readFileSync(fileURLToPath(new URL('telemetry.md', FOLDER)), 'utf8');
    const [, text = ''] = /^```toml\n(.*?)^```$/ms.exec(page) ?? [];
    const { configuration, diagnostics } = readConfiguration('/srv/aegis.toml', text);
    expect(diagnostics).toEqual([]);
    expect(configuration?.telemetry).toMatchObject({
      metrics: 'token',
      followers: [{}, {}, {}],
      alerts: [{}, {}],
    });
  });

  it('says of approvals what their commands take', () => {
    const page = readFileSync(fileURLToPath(new URL('approvals.md', FOLDER)), 'utf8');
    const lines = [...page.matchAll(/^ {4}aegis (.+)$/gm)].map(([, line = '']) => line);
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      const entry = COMMANDS.find(({ name }) => line.startsWith(name));
      expect(entry?.name).toMatch(/^(approvals|grants) /);
      for (const [option] of line.matchAll(/--[a-z]+/g)) expect(entry?.help).toContain(option);
    }
  });

  it('shows the manifest of a server that loads', () => {
    const documents = examples('manifests.md', 'yaml server');
    expect(documents).toHaveLength(1);
    for (const document of documents) expect(readManifest(document, { resolve }).diagnostics).toEqual([]);
  });

  it('shows the manifest of an agent that loads', () => {
    const documents = examples('manifests.md', 'json agent');
    expect(documents).toHaveLength(1);
    for (const document of documents)
      expect(readAgentManifest(document, { resolve }).diagnostics).toEqual([]);
  });

  it('shows who may come in, in configurations that load', () => {
    const page = readFileSync(fileURLToPath(new URL('identity.md', FOLDER)), 'utf8');
    const blocks = [...page.matchAll(/^```toml\n(.*?)^```$/gms)].map(([, code = '']) => code);
    expect(blocks).toHaveLength(4);
    for (const text of blocks) expect(readConfiguration('/srv/aegis.toml', text).diagnostics).toEqual([]);
    const { configuration } = readConfiguration('/srv/aegis.toml', blocks[1] ?? '');
    expect(configuration?.agents.map(({ certificate }) => certificate)).toEqual([
      { uri: 'spiffe://acme.test/deployer' },
      { dns: 'reviewer.acme.test' },
    ]);
  });
});
