import { describe, expect, it } from 'vitest';
import type { CaseHost } from '../../src/cases/case-host.ts';
import { runCase, untried } from '../../src/cases/run-case.ts';
import { readCases } from '../../src/cases/read-cases.ts';
import { formatDiagnostic } from '../../src/diagnostic.ts';
import type { InspectPlatform } from '../../src/inspect/platform.ts';
import { readDocument } from '../../src/source/document.ts';
import { NOW, policyOf } from '../policy/call.ts';

const PLATFORM = {
  resolvePath: (path) => path,
  parseUrl: () => undefined,
  baseDir: '/srv',
  homeDir: '/home/agent',
} as Partial<InspectPlatform> as InspectPlatform;

const POLICY = policyOf([
  { name: 'no-etc', action: 'deny', when: { path: '/etc/*' } },
  { name: 'not-at-night', action: 'deny', time: { from: '22:00', to: '06:00', zone: 'UTC' } },
  { name: 'only-ada', action: 'allow', when: { agent: 'ada' }, mask: ['email', 'card'] },
  { name: 'guests', action: 'require_approval', when: { agent: 'guest' } },
]);

const HOST: CaseHost = {
  policy: POLICY,
  manifests: new Map(),
  receipts: new Map(),
  agent: () => undefined,
  credentials: new Map(),
  inspect: () => PLATFORM,
  defaultAgent: 'ada',
  tenantOf: () => 'acme',
  nowMs: NOW,
};

function run(text: string, host = HOST) {
  const { cases, diagnostics } = readCases(readDocument({ text, file: 'cases.yaml' }));
  if (cases === undefined) throw new Error(diagnostics.map(formatDiagnostic).join('\n'));
  return cases.map((one) => runCase(host, one));
}

it('looks for personal data in a case as in a call', () => {
  const badge = { name: 'badge', pattern: 'B-[0-9]{4}', action: 'block' } as const;
  const guards = { pii: { kinds: ['ssn'], requests: 'deny' }, patterns: [badge] } as const;
  const policy = policyOf([{ name: 'all', action: 'allow' }], { guards });
  const codes = run(
    `cases:
  - { name: a, call: { server: s, tool: t, args: { x: 'ssn 078-05-1121' } }, expect: deny }
  - { name: b, call: { server: s, tool: t, args: { x: 'badge B-1234' } }, expect: deny }
  - { name: c, call: { server: s, tool: t, args: { x: 'nothing' } }, expect: allow }
`,
    { ...HOST, policy },
  ).map(({ explanation: { decision } }) => decision.reasons[0].code);
  expect(codes).toEqual(['GUARD_PII', 'GUARD_PII', 'POLICY_ALLOW']);
});

const CASES = `
cases:
  - name: nobody reads what the system keeps
    call: { server: files, tool: read, args: { path: /etc/../etc/passwd } }
    expect: { effect: deny, rule: no-etc, code: POLICY_DENY }
  - name: by day
    at: 2026-11-24T12:00:00+01:00
    call: { server: files, tool: read }
    expect: { effect: allow, mask: [card, email] }
  - name: by night
    at: 2026-11-24T23:30:00+01:00
    call: { server: files, tool: read }
    expect: deny
  - name: no more than twelve calls
    session: { tool_calls: 12 }
    call: { server: files, tool: read }
    expect: { effect: deny, code: BUDGET_EXCEEDED }
`;

describe('cases of a policy', () => {
  it('hold when the policy decides as they say', () => {
    expect(run(CASES).map(({ differences }) => differences)).toEqual([[], [], [], []]);
  });

  it('say what was decided in place of what they expect', () => {
    const [wrong] = run(`
cases:
  - name: wrong in everything
    call: { server: files, tool: read, agent: guest, args: { path: /tmp/x } }
    at: 2026-11-24T12:00:00Z
    expect: { effect: allow, rule: only-ada, code: POLICY_ALLOW, mask: [email], findings: [path.escape] }
`);
    expect(wrong?.differences).toEqual([
      { what: 'effect', expected: 'allow', found: 'require_approval' },
      { what: 'rule', expected: 'only-ada', found: 'guests' },
      { what: 'code', expected: 'POLICY_ALLOW', found: 'APPROVAL_REQUIRED' },
      { what: 'mask', expected: 'email', found: 'nothing' },
      { what: 'finding', expected: 'path.escape', found: 'none' },
    ]);
  });

  it('name the rules that none of them has tried', () => {
    expect(untried(POLICY, run(CASES))).toEqual(['guests']);
  });

  it('that cannot be read are reported together, each at its place', () => {
    const text = `
cases:
  - name: a
    call: { server: files, tool: read, prompt: x }
    expect: maybe
  - name: a
    call: { tool: read }
    at: 2026-11-24 03:00
    expected: deny
  - name: b
    call: { server: files, tool: read }
    session: { steps: -1 }
    expect: { effect: deny, code: NO_SUCH }
`;
    const { cases, diagnostics } = readCases(readDocument({ text, file: 'cases.yaml' }));
    expect(cases).toBeUndefined();
    expect(diagnostics.map((found) => formatDiagnostic(found).split('\n')[0])).toEqual([
      'cases.yaml:4:11: a call needs one of `tool`, `resource` and `prompt`',
      'cases.yaml:5:13: unknown expect `maybe`',
      'cases.yaml:6:5: a case needs `expect`',
      'cases.yaml:7:11: a call needs `server`',
      'cases.yaml:8:9: `2026-11-24 03:00` is not a time',
      'cases.yaml:9:5: unknown key `expected`',
      'cases.yaml:12:23: `steps` must be a whole number from 0',
      'cases.yaml:13:35: unknown code `NO_SUCH`',
    ]);
  });
});
