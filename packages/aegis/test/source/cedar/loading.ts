import {
  type Diagnostic,
  formatDiagnostic,
  type JsonObject,
  type ModuleInput,
  readDocument,
} from '@aegis/core';
import { expect } from 'vitest';
import { sha256 } from '../../../src/platform.ts';
import { loadEngine } from '../../../src/source/cedar/engine.ts';
import { type CedarSources, loadCedar } from '../../../src/source/cedar/load.ts';

const AT = { file: 'aegis.toml', line: 2, column: 1 };

/** Loads texts as `/p/0.cedar`, `/p/1.cedar`, ... */
export async function load(
  texts: readonly string[],
  { schema, entities, installed = true }: { schema?: string; entities?: string; installed?: boolean } = {},
) {
  const files = new Map(texts.map((text, index) => [`/p/${index}.cedar`, text]));
  if (schema !== undefined) files.set('/p/schema', schema);
  const diagnostics: Diagnostic[] = [];
  const sources: CedarSources = {
    policies: texts.map((_, index) => `/p/${index}.cedar`),
    at: AT,
    ...(schema === undefined ? {} : { schema: '/p/schema' }),
    ...(entities === undefined ? {} : { entities: '/p/entities.json' }),
  };
  const module = await loadCedar(sources, {
    read: (file) => Promise.resolve(readDocument({ text: entities ?? '', file })),
    readText: (file) => {
      const text = files.get(file);
      return text === undefined
        ? Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' }))
        : Promise.resolve(text);
    },
    sha256,
    diagnostics,
    engine: installed ? loadEngine : () => Promise.resolve(undefined),
  });
  return { module, faults: diagnostics.map((one) => formatDiagnostic(one).replaceAll('/p/', '')) };
}

export interface Sketch {
  readonly tool?: string;
  readonly server?: string;
  readonly agent?: string;
  readonly method?: string;
  readonly named?: JsonObject;
  readonly findings?: readonly string[];
}

/** What a module is asked about a call of `pay`. */
export const input = (args: JsonObject = {}, sketch: Sketch = {}): ModuleInput => ({
  request: {
    method: sketch.method ?? 'tools/call',
    server: sketch.server ?? 'files',
    ...(sketch.named ?? { tool: sketch.tool ?? 'pay' }),
    args,
    agent: sketch.agent ?? 'bot',
    tenant: 'acme',
    user: 'ada',
    session: 'ses_1',
  },
  facts: {
    capabilities: ['fs.read'],
    risk: 'low',
    paths: ['/data/a'],
    hosts: [],
    commands: [{ program: 'ls' }],
    ...(sketch.findings === undefined
      ? {}
      : { findings: sketch.findings.map((id) => ({ id, at: '/a', severity: 'high' })), score: 70 }),
  },
  session: { steps: 3, tool_calls: 2, denied: 1, age_ms: 1000, identical_calls: 0 },
  now_ns: 1_800_000_000_123_000_000n,
});

export const PERMIT = 'permit (principal, action, resource);\n';

/** Who objects, in a policy that permits everything else. */
export async function objections(text: string, asked: ModuleInput, options: Parameters<typeof load>[1] = {}) {
  const { module, faults } = await load([text], options);
  expect(faults).toEqual([]);
  const answer = module?.evaluate?.(asked, 0);
  return answer?.kind === 'objections' ? answer.objections.map(({ by }) => by) : answer;
}
