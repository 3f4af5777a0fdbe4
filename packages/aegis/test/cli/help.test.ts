import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { CLIENTS } from '../../src/clients/client.ts';

const page = readFileSync(new URL('../../../../docs/reference/mcp-command.md', import.meta.url), 'utf8');
const commands = COMMANDS.filter(({ name }) => name.split(' ')[0] === 'mcp');

describe('the page of aegis mcp', () => {
  it('is about every one of its commands', () => {
    expect(commands.map(({ name }) => name)).toEqual([
      'mcp',
      'mcp add',
      'mcp list',
      'mcp remove',
      'mcp wrap',
    ]);
  });

  it.each(commands)('has the usage of $name as its help says it', ({ help }) => {
    const usage = help.split('\n\n')[0]?.split('\n') ?? [];
    expect(usage.length).toBeGreaterThan(0);
    for (const line of usage) expect(page).toContain(line.trim());
  });

  it.each(CLIENTS)('has the client $id, as the help of wrap has', ({ id }) => {
    expect(page).toContain(`| \`${id}\` |`);
    expect(commands.find(({ name }) => name === 'mcp wrap')?.help).toContain(id);
  });
});

describe.each(commands)('the help of $name', (entry) => {
  it('names every option that the command takes, and no other', async () => {
    const { options } = await entry.load();
    const named = [...entry.help.matchAll(/^ {2}(?:-\w, | {4})--([a-z]+)/gm)].map(([, name]) => name ?? '');
    expect(named.toSorted()).toEqual(Object.keys(options).toSorted());
  });

  it('is at most 110 columns wide', () => {
    for (const line of entry.help.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });
});
