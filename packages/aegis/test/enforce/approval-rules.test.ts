import { describe, expect, it } from 'vitest';
import { EnforcementKernel } from '../../src/enforce/kernel.ts';
import type { Ruleset } from '../../src/enforce/ruleset.ts';
import type { Verdict } from '../../src/ports.ts';
import { createHarness, type Harness, reply, scriptedPerson } from './harness.ts';

const ask = (name: string) => `[[policies]]
name = "${name}"
action = "require_approval"
when = { tool_name = "held" }
`;

const DENY = `[[policies]]
name = "not any more"
action = "deny"
when = { tool_name = "held" }
`;

/** Calls a held tool; while the person is asked, the policy becomes another one. */
async function callWhile(policy: string, verdict: Verdict = { kind: 'approved', by: 'ann' }) {
  let inForce: Ruleset;
  const next = await createHarness({ policy });
  const harness: Harness = await createHarness({
    policy: ask('ask'),
    approver: scriptedPerson(() => {
      inForce = next.rules;
      return Promise.resolve(verdict);
    }),
  });
  inForce = harness.rules;
  const kernel = new EnforcementKernel(harness.ports, () => inForce);
  const session = await kernel.openSession({ tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-stdio' });
  const ran: unknown[] = [];
  const answer = await kernel.mediate(session, {
    method: 'tools/call',
    resource: { kind: 'tool', server: 'data', name: 'held' },
    args: { path: 'a' },
    execute: (_limits, _mask, args) => {
      ran.push(args);
      return Promise.resolve(reply({ ok: true }));
    },
  });
  return { answer, ran, types: (await harness.events(session)).map(({ type }) => type) };
}

describe('an approval that comes after the policy has changed', () => {
  it('overrides no denial', async () => {
    const { answer, ran } = await callWhile(DENY);
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'POLICY_DENY' } });
    expect(ran).toEqual([]);
  });

  it('is not stretched to what another rule asks for', async () => {
    const { answer, ran } = await callWhile(ask('ask for another reason'));
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'APPROVAL_REQUIRED' } });
    expect(ran).toEqual([]);
  });

  it('lets the call run where nothing has changed in fact', async () => {
    const { answer, ran } = await callWhile(ask('ask'));
    expect(answer.kind).toBe('result');
    expect(ran).toEqual([{ path: 'a' }]);
  });
});

describe('other arguments that a person gives', () => {
  const edited = { kind: 'approved', by: 'ann', edited: { path: 'b' } } as const;

  it('are what is judged and what runs, as a call of its own', async () => {
    const { answer, ran, types } = await callWhile(ask('ask'), edited);
    expect(ran).toEqual([{ path: 'b' }]);
    expect(answer).toMatchObject({
      kind: 'result',
      result: { _meta: { 'aegis/approval': { edited_by: 'ann', arguments: { path: 'b' } } } },
    });
    expect(types.filter((type) => type === 'TOOL_CALL_PROPOSED')).toHaveLength(2);
    expect(types.filter((type) => type === 'TOOL_CALL_DENIED')).toHaveLength(1);
  });

  it('are denied where policy denies them', async () => {
    const { answer, ran } = await callWhile(
      `[[policies]]
name = "never-b"
action = "deny"
when = { "args.path" = "b" }
${ask('ask')}`,
      edited,
    );
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'POLICY_DENY' } });
    expect(ran).toEqual([]);
  });
});
