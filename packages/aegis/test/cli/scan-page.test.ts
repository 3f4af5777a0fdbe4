import { readFileSync } from 'node:fs';
import { SCAN_RULES } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';

const pageOf = (name: string): string =>
  readFileSync(new URL(`../../../../docs/reference/${name}.md`, import.meta.url), 'utf8');

const scan = COMMANDS.filter(({ name }) => name === 'scan');
const manifest = COMMANDS.filter(({ name }) => name.startsWith('manifest '));

describe('the page of aegis scan', () => {
  it('has every rule, with its severity, and no other', () => {
    const rows = pageOf('scan').match(/^\| `[a-z_]+\.[a-z_]+` \|.*$/gm);
    expect(rows).toEqual(
      SCAN_RULES.map(({ id, severity, title }) => `| \`${id}\` | ${severity} | ${title} |`),
    );
  });
});

describe.each([
  ['scan', scan, 1],
  ['manifests', manifest, 4],
] as const)('the page %s', (page, commands, count) => {
  it('is about its commands', () => {
    expect(commands).toHaveLength(count);
    for (const { help } of commands) {
      const usage = help.split('\n\n')[0]?.split('\n') ?? [];
      for (const line of usage) expect(pageOf(page)).toContain(line.trim());
    }
  });
});

describe.each([...scan, ...manifest])('the help of $name', (entry) => {
  it('names every option that the command takes, and no other', async () => {
    const { options } = await entry.load();
    const named = [...entry.help.matchAll(/^ {2}(?:-\w, | {4})--([a-z-]+)/gm)].map(([, name]) => name ?? '');
    expect(named.toSorted()).toEqual(Object.keys(options).toSorted());
  });

  it('is at most 110 columns wide', () => {
    for (const line of entry.help.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });
});
