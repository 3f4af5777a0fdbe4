import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  compilePolicy,
  DEFAULT_SETTINGS,
  readAgentManifest,
  readDocument,
  readManifest,
  type SourceDocument,
} from '@aegis/core';
import { describe, expect, it } from 'vitest';
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

  it('shows settings and rules of guards that load', () => {
    const [settings, rules, ...others] = examples('guards.md', 'toml');
    expect(others).toEqual([]);
    if (settings === undefined || rules === undefined) throw new Error('an example is missing');
    const page = readFileSync(fileURLToPath(new URL('guards.md', FOLDER)), 'utf8');
    const [, text = ''] = /^```toml\n(.*?)^```$/ms.exec(page) ?? [];
    expect(readConfiguration('/srv/aegis.toml', text).diagnostics).toEqual([]);
    const parts = [{ document: rules, path: ['policies'] }];
    expect(compilePolicy({ parts, settings: DEFAULT_SETTINGS, sha256 }).diagnostics).toEqual([]);
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
});
