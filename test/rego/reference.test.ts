import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Diagnostic, readDocument } from '@aegis/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfiguration } from '../../packages/aegis/src/config/load.ts';
import { sha256 } from '../../packages/aegis/src/platform.ts';
import { loadRego } from '../../packages/aegis/src/source/rego.ts';
import { readDisk } from '../../packages/aegis/src/source/texts.ts';
import { readAnswer, unanswered } from '../../packages/core/src/policy/module/answer.ts';
import { compileDocument } from '../../packages/core/src/policy/module/document.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/reference/rego.md', import.meta.url)), 'utf8');

interface Example {
  readonly entrypoint: string;
  readonly text: string;
  data: string;
  /** Each with the outcome that the page promises for it. */
  readonly inputs: { readonly outcome: string; readonly text: string }[];
}

const examples: Example[] = [];
for (const [, language, word = '', text = ''] of page.matchAll(/^```(rego|json) (\S+)\n(.*?)^```$/gms)) {
  const last = examples.at(-1);
  if (language === 'rego') examples.push({ entrypoint: word, text, data: '{}', inputs: [] });
  else if (word === 'data' && last !== undefined) last.data = text;
  else last?.inputs.push({ outcome: word, text });
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-rego-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the page on Rego', () => {
  it('has examples, each with what comes of it', () => {
    expect(examples.map(({ inputs }) => inputs.length)).toEqual([3, 2, 2, 1, 1]);
  });

  it.each(examples)('$entrypoint answers as the page says', async ({ entrypoint, text, data, inputs }) => {
    const file = join(folder, 'policy.rego');
    writeFileSync(file, text);
    const diagnostics: Diagnostic[] = [];
    const module = await loadRego(
      { files: [file], entrypoint, entrypointAt: { file, line: 1, column: 1 }, data: 'data.json' },
      {
        read: (name) => Promise.resolve(readDocument({ text: data, file: name })),
        readText: readDisk,
        sha256,
        diagnostics,
      },
    );
    expect(diagnostics).toEqual([]);
    for (const { outcome, text: written } of inputs) {
      const found = module?.evaluate?.(JSON.parse(written), 1_800_000_000_000);
      const answer =
        found?.kind === 'value' || found?.kind === 'objections'
          ? readAnswer('r', found)
          : unanswered('r', found ?? { kind: 'undefined' });
      expect([written, answer.outcome, answer.reasons[0].message]).toEqual([
        written,
        outcome,
        expect.not.stringContaining('cannot judge'),
      ]);
    }
  });

  it('has a configuration that loads', () => {
    const [, text = ''] = /^```toml\n(.*?)^```$/ms.exec(page) ?? [];
    expect(readConfiguration('/srv/aegis.toml', text)).toMatchObject({
      diagnostics: [],
      configuration: {
        rego: { files: ['/srv/decide.rego', '/srv/lists.rego'], entrypoint: 'data.aegis.decision' },
      },
    });
  });

  it('names every member of the input, and no other', () => {
    const rows = [...page.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell);
    const named = rows.flatMap((cell) => [...cell.matchAll(/`([a-z_.]+)`/g)].map(([, path = '']) => path));
    const sections = new Set(named.filter((path) => path.includes('.')));
    const known = compileDocument([[]])({
      request: {
        id: '',
        subject: { tenant: '', agent: '', user: '', session: '' },
        action: { method: '', door: 'mcp-stdio' },
        resource: { kind: 'tool', server: '', name: '' },
        args: {},
        nowMs: 0,
      },
      facts: {
        capabilities: [],
        findings: [],
        paths: [],
        urls: [],
        contents: [],
        score: { value: 0, band: 'low', parts: [] },
        taint: { taints: [], declassified: [] },
      },
      snapshot: { steps: 0, toolCalls: 0, denied: 0, startedAtMs: 0, recentCalls: [] },
    } as unknown as Parameters<ReturnType<typeof compileDocument>>[0]);
    const members = Object.entries(known).flatMap(([section, value]) =>
      typeof value === 'object' && value !== null
        ? Object.keys(value).map((name) => `${section}.${name}`)
        : [],
    );
    // A call is about one of the three.
    const expected = new Set([...members, 'request.resource', 'request.prompt']);
    expect([...sections].toSorted()).toEqual([...expected].toSorted());
  });
});
