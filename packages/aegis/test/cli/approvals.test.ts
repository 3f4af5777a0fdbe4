import { describe, expect, it } from 'vitest';
import { APPROVAL_COMMANDS } from '../../src/cli/commands/approvals/entries.ts';

describe.each(APPROVAL_COMMANDS)('the help of $name', (entry) => {
  it('names every option that the command takes, and no other', async () => {
    const { options } = await entry.load();
    const named = [...entry.help.matchAll(/^ {2}(?:-\w, | {4})--([a-z]+)/gm)].map(([, name]) => name ?? '');
    expect(new Set(named)).toEqual(new Set(Object.keys(options)));
  });

  it('is at most 110 columns wide', () => {
    for (const line of entry.help.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });
});
