import { maskResult } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { ALLOW_ALL, answering, codeOf, given, payloads } from './content-verdicts.ts';
import { createHarness, reply } from './harness.ts';

describe('personal data', () => {
  const CARD = '4111 1111 1111 1111';
  const kinds = ['card', 'national_id'] as const;

  it('is in no call where the settings deny it, in texts and numbers', async () => {
    const harness = await createHarness({ policy: ALLOW_ALL, guards: { pii: { kinds, requests: 'deny' } } });
    const session = await harness.open();
    for (const args of [{ note: `pay with ${CARD}` }, { options: { card: 4111111111111111 } }]) {
      const denied = await harness.call(session, 'slow', args);
      expect(codeOf(denied)).toBe('GUARD_PII');
      expect(given(denied)).not.toContain('1111');
    }
    expect(codeOf(await harness.call(session, 'slow', { note: 'write to ada@example.com' }))).toBe('result');
    const [proposed] = await payloads(harness, session, 'TOOL_CALL_PROPOSED');
    expect(proposed?.['finding_ids']).toEqual(['pii.card']);
  });

  it('goes through by a rule that waives it, and is a condition of rules', async () => {
    const waiving = '[[policies]]\nname = "pay"\naction = "allow"\nwaive = ["pii.card"]\n';
    const guards = { pii: { kinds, requests: 'deny' } } as const;
    const lenient = await createHarness({ policy: waiving, guards });
    expect(codeOf(await lenient.call(await lenient.open(), 'slow', { note: CARD }))).toBe('result');
    const rule = `[[policies]]\nname = "no"\naction = "deny"\nwhen = { finding = "pii.email" }\n${ALLOW_ALL}`;
    const strict = await createHarness({ policy: rule });
    const session = await strict.open();
    expect(codeOf(await strict.call(session, 'slow', { to: 'ada@example.com' }))).toBe('POLICY_DENY');
    expect(codeOf(await strict.call(session, 'slow', { to: 'ada' }))).toBe('result');
  });

  it.each([
    ['mask', 'the card is [masked:card]'],
    ['redact', 'the card is [redacted]'],
  ] as const)('leaves no result where the settings say %s', async (results, want) => {
    const harness = await createHarness({ policy: ALLOW_ALL, guards: { pii: { kinds, results } } });
    const session = await harness.open();
    const verdict = await harness.call(session, 'slow', {}, answering(`the card is ${CARD}`));
    expect(given(verdict)).toContain(want);
    const [result] = await payloads(harness, session, 'TOOL_RESULT');
    expect(result).toMatchObject({ outcome: 'executed', masked: 1 });
  });

  it('holds a result back where the settings say so, and the record says why', async () => {
    const harness = await createHarness({
      policy: ALLOW_ALL,
      guards: { pii: { kinds, results: 'withhold' } },
    });
    const session = await harness.open();
    const verdict = await harness.call(session, 'slow', {}, answering(`AHV 756.9217.0769.85`));
    expect(codeOf(verdict)).toBe('GUARD_PII');
    expect(given(verdict)).not.toContain('9217');
    expect(codeOf(await harness.call(session, 'slow', { n: 1 }, answering('ada@example.com')))).toBe(
      'result',
    );
    const [withheld, released] = await payloads(harness, session, 'TOOL_RESULT');
    expect(withheld).toMatchObject({
      outcome: 'withheld',
      code: 'GUARD_PII',
      finding_ids: ['pii.national_id'],
    });
    expect(withheld).not.toHaveProperty('score');
    expect(released).toMatchObject({ outcome: 'executed' });
  });

  it('of a form of the configuration is blocked both ways, and masked in what is relayed before a result', async () => {
    const pattern = { name: 'badge', pattern: 'B-[0-9]{4}' } as const;
    const blocking = await createHarness({
      policy: ALLOW_ALL,
      guards: { patterns: [{ ...pattern, action: 'block' }] },
    });
    const session = await blocking.open();
    expect(codeOf(await blocking.call(session, 'slow', { note: 'badge B-1234' }))).toBe('GUARD_PII');
    expect(codeOf(await blocking.call(session, 'slow', {}, answering('badge B-1234')))).toBe('GUARD_PII');
    const masking = await createHarness({
      policy: ALLOW_ALL,
      guards: { patterns: [{ ...pattern, action: 'mask' }] },
    });
    const verdict = await masking.call(await masking.open(), 'slow', { note: 'B-1234' }, (_, masks) => {
      const { result } = maskResult({ text: 'half way: B-1234' }, masks);
      return Promise.resolve(reply({ relayed: String(result['text']) }, 'badge B-1234'));
    });
    expect(given(verdict)).toContain('badge [masked:badge]');
    expect(given(verdict)).toContain('half way: [masked:badge]');
    expect(masking.kernel.strayMasks()).toContainEqual(expect.objectContaining({ name: 'badge' }));
  });

  it('is recorded and released in shadow', async () => {
    const harness = await createHarness({
      policy: ALLOW_ALL,
      mode: 'shadow',
      guards: { pii: { kinds, requests: 'deny', results: 'withhold' } },
    });
    const session = await harness.open();
    expect(codeOf(await harness.call(session, 'slow', { note: CARD }, answering(CARD)))).toBe('result');
    const [result] = await payloads(harness, session, 'TOOL_RESULT');
    expect(result?.['finding_ids']).toEqual(['pii.card']);
  });
});
