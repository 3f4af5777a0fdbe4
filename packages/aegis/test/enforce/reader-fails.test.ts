import { compileKnownValues } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { READ_HERE } from '../../src/enforce/content-scan.ts';
import type { ContentReader } from '../../src/ports.ts';
import { createHarness, reply } from './harness.ts';

const known = compileKnownValues(['correct-horse-battery-7421']);

const FAILURES: Readonly<Record<string, () => Promise<never>>> = {
  'throws at once': () => {
    throw new RangeError('planted');
  },
  'rejects later': () => Promise.reject(new RangeError('planted')),
};

describe.each(Object.entries(FAILURES))('a reader of content that %s', (_, fail) => {
  async function called(content: ContentReader) {
    const harness = await createHarness({ content, known: () => known });
    const session = await harness.open();
    let executions = 0;
    const answer = await harness.call(session, 'slow', { note: 'text' }, () => {
      executions++;
      return Promise.resolve(reply({ text: 'correct-horse-battery-7421' }));
    });
    return { answer, executions, last: (await harness.events(session)).at(-1) };
  }

  it('denies the call that it was to read, on record, and nothing runs', async () => {
    const { answer, executions, last } = await called({ ...READ_HERE, scan: fail });
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'INTERNAL_ERROR' } });
    expect(executions).toBe(0);
    expect(last).toMatchObject({ type: 'TOOL_CALL_DENIED', payload: { code: 'INTERNAL_ERROR' } });
  });

  it('withholds the result that it was to clear, on record', async () => {
    const { answer, executions, last } = await called({ ...READ_HERE, mask: fail });
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'INTERNAL_ERROR' } });
    expect(JSON.stringify(answer)).not.toContain('correct-horse');
    expect(executions).toBe(1);
    expect(last).toMatchObject({ type: 'TOOL_RESULT', payload: { outcome: 'withheld' } });
  });
});
