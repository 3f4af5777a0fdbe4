import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { REASON_CODES } from '@aegis/core';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(`${root}docs/reference/reason-codes.md`, 'utf8');
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
);

const sources = globSync('packages/*/src/**/*.ts', { cwd: root })
  .filter((file) => !file.endsWith('model/reason.ts'))
  .map((file) => readFileSync(root + file, 'utf8'));

describe('the page of reason codes', () => {
  it('has the closed list, in its order', () => {
    expect([...sections.keys()]).toEqual([...REASON_CODES]);
  });

  it.each(REASON_CODES)('%s: what it means, what to do, and whether anything gives it', (code) => {
    const section = sections.get(code) ?? '';
    const meaning = section.split('\n').slice(2).join('\n').split('**What to do:**');
    expect(meaning).toHaveLength(2);
    for (const part of meaning) expect(part.trim().length).toBeGreaterThan(5);
    const given = sources.some((text) => text.includes(`'${code}'`));
    expect(meaning[0]?.startsWith('Reserved: ')).toBe(!given);
  });
});
