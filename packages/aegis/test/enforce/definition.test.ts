import type { DefinitionFact } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { createHarness, reply, scriptedPerson } from './harness.ts';

/** A harness in which the definitions of some tools are known; others are as pinned. */
function knowing(facts: Readonly<Record<string, DefinitionFact>>, mode: 'enforce' | 'shadow' = 'enforce') {
  return createHarness({ mode, definition: ({ name }) => facts[name] ?? 'pinned' });
}

describe('a tool whose definition is not the one in force', () => {
  it.each(['new', 'changed', 'unreadable', 'broken'] as const)(
    'is not called (%s): one decision, one denial, and the server hears nothing',
    async (fact) => {
      const harness = await knowing({ slow: fact });
      const session = await harness.open();
      let executions = 0;
      const execute = () => {
        executions++;
        return Promise.resolve(reply({}));
      };
      expect(await harness.call(session, 'slow', {}, execute)).toMatchObject({
        kind: 'denied',
        denial: { code: 'TOOL_CHANGED' },
      });
      expect(executions).toBe(0);
      expect((await harness.events(session)).map(({ type }) => type)).toEqual([
        'SESSION_STARTED',
        'TOOL_CALL_PROPOSED',
        'POLICY_DECISION',
        'TOOL_CALL_DENIED',
      ]);
    },
  );

  it('is called in shadow, and what would have been decided is recorded', async () => {
    const harness = await knowing({ slow: 'changed' }, 'shadow');
    const session = await harness.open();
    expect(await harness.call(session, 'slow')).toMatchObject({ kind: 'result' });
    expect(
      (await harness.events(session)).map(({ type, payload }) => [type, payload['mode']]),
    ).toContainEqual(['POLICY_DECISION', 'shadow']);
  });

  it('is not called when it changed while a person was asked', async () => {
    const facts: Record<string, DefinitionFact> = {};
    const harness = await createHarness({
      definition: ({ name }) => facts[name] ?? 'pinned',
      approver: scriptedPerson(() => {
        facts['held'] = 'changed';
        return Promise.resolve({ kind: 'approved', by: 'ada' });
      }),
    });
    const session = await harness.open();
    expect(await harness.call(session, 'held')).toMatchObject({ denial: { code: 'TOOL_CHANGED' } });
  });

  it('earns no receipt and satisfies none: what it says of a content is not believed', async () => {
    const facts: Record<string, DefinitionFact> = {};
    const harness = await createHarness({ definition: ({ name }) => facts[name] ?? 'pinned' });
    harness.contents.set('k', 'content');
    const session = await harness.open();
    const validate = () =>
      harness.call(session, 'validate', { key: 'k' }, () => Promise.resolve(reply({ valid: true })));
    const promote = () => harness.call(session, 'promote', { key: 'k' });
    facts['stat'] = 'changed';
    await validate();
    expect(await promote()).toMatchObject({ denial: { code: 'PRECONDITION_FAILED' } });
    delete facts['stat'];
    await validate();
    facts['stat'] = 'changed';
    expect(await promote()).toMatchObject({ denial: { code: 'PRECONDITION_FAILED' } });
    delete facts['stat'];
    expect(await promote()).toMatchObject({ kind: 'result' });
  });
});
