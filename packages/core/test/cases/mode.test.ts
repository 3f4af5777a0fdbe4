import { expect, it } from 'vitest';
import { readCases } from '../../src/cases/read-cases.ts';
import { runCase } from '../../src/cases/run-case.ts';
import type { InspectPlatform } from '../../src/inspect/platform.ts';
import { readDocument } from '../../src/source/document.ts';
import { NOW, policyOf } from '../policy/call.ts';

it.each([
  ['shadow', 'shadow', []],
  ['shadow', 'enforce', [{ what: 'mode', expected: 'enforce', found: 'shadow' }]],
  ['enforce', 'shadow', [{ what: 'mode', expected: 'shadow', found: 'enforce' }]],
] as const)(
  'in a policy in %s a case that expects %s differs by that alone',
  (mode, expected, differences) => {
    const text = `cases: [{ name: a, call: { server: s, tool: t }, expect: { effect: deny, mode: ${expected} } }]`;
    const [one] = readCases(readDocument({ text, file: 'cases.yaml' })).cases ?? [];
    const platform = { resolvePath: (path: string) => path, baseDir: '/', homeDir: '/' };
    const host = {
      policy: policyOf([], { mode }),
      manifests: new Map(),
      receipts: new Map(),
      agent: () => undefined,
      credentials: new Map(),
      inspect: () => platform as InspectPlatform,
      defaultAgent: 'a',
      tenantOf: () => 'default',
      nowMs: NOW,
    };
    expect(one && runCase(host, one).differences).toEqual(differences);
  },
);
