import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compilePolicy, DEFAULT_SETTINGS, type Diagnostic, type JsonObject, readDocument } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../packages/aegis/src/config/load.ts';
import { sha256 } from '../../packages/aegis/src/platform.ts';
import { loadCedar } from '../../packages/aegis/src/source/cedar/load.ts';
import { parseCondition } from '../../packages/core/src/policy/cel/parse-condition.ts';

function page(name: string): string {
  return readFileSync(fileURLToPath(new URL(`../../docs/reference/${name}`, import.meta.url)), 'utf8');
}

/** The fenced blocks of a page, each with what its fence says after the language. */
function blocks(name: string, language: string): { readonly word: string; readonly text: string }[] {
  const fence = new RegExp(`^\`\`\`${language}(?: (\\S+))?\\n(.*?)^\`\`\`$`, 'gms');
  return [...page(name).matchAll(fence)].map(([, word = '', text = '']) => ({ word, text }));
}

describe('the page on CEL', () => {
  it('shows rules that load', () => {
    const [{ text } = { text: '' }, ...others] = blocks('cel.md', 'toml');
    expect(others).toEqual([]);
    const document = readDocument({ text, file: 'cel.toml' });
    const parts = [{ document, path: ['policies'] }];
    const { policy, diagnostics } = compilePolicy({ parts, settings: DEFAULT_SETTINGS, sha256 });
    expect([policy?.rules.length, diagnostics]).toEqual([2, []]);
  });

  it('shows conditions that are taken and that are refused, as it says', () => {
    const conditions = blocks('cel.md', 'cel').flatMap(({ word, text }) =>
      text
        .trim()
        .split('\n')
        .map((line) => [line, word === 'refused'] as const),
    );
    expect(conditions.filter(([, refused]) => refused)).toHaveLength(3);
    expect(conditions).toHaveLength(13);
    for (const [line, refused] of conditions) {
      expect([line, 'message' in parseCondition(line)]).toEqual([line, refused]);
    }
  });
});

describe('the pages on Cedar and OPA', () => {
  it('show configurations that load', () => {
    const texts = [...blocks('cedar.md', 'toml'), ...blocks('opa.md', 'toml')].map(({ text }) => text);
    expect(texts).toHaveLength(3);
    for (const text of texts) expect(readConfiguration('/srv/aegis.toml', text).diagnostics).toEqual([]);
  });

  it('show policies that answer as the page says', async () => {
    const [{ text: policies } = { text: '' }, ...others] = blocks('cedar.md', 'cedar');
    expect(others).toEqual([]);
    const diagnostics: Diagnostic[] = [];
    const module = await loadCedar(
      { policies: ['/shop.cedar'], at: { file: 'aegis.toml', line: 1, column: 1 } },
      {
        read: () => Promise.resolve(undefined),
        readText: () => Promise.resolve(policies),
        sha256,
        diagnostics,
      },
    );
    expect(diagnostics).toEqual([]);
    const calls = blocks('cedar.md', 'json');
    expect(calls).toHaveLength(4);
    for (const { word, text } of calls) {
      const { tool, args } = JSON.parse(text) as { tool: string; args: JsonObject };
      const request = {
        method: 'tools/call',
        server: 'shop',
        tool,
        args,
        agent: 'a',
        tenant: 't',
        user: 'u',
      };
      const answer = module?.evaluate?.({ request }, 0);
      expect(answer).toMatchObject({
        kind: 'objections',
        objections: word === 'permit' ? [] : [{ by: `cedar:${word}` }],
      });
    }
  });
});
