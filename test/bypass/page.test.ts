import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ATTEMPTS } from './attempts.ts';

const page = readFileSync(new URL('../../docs/reference/bypass-suite.md', import.meta.url), 'utf8');

it('the page lists every class with the number of its attempts', () => {
  const counts = new Map<string, number>();
  for (const { id } of ATTEMPTS) {
    const name = id.slice(0, id.indexOf('/'));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const listed = [...page.matchAll(/^\| `([a-z-]+)` \| (\d+) \|/gm)].map(([, name, count]) => [
    name,
    Number(count),
  ]);
  expect(listed).toEqual([...counts]);
  expect(page).toContain(`\n${ATTEMPTS.length} attempts to get round`);
});

it('no two attempts have the same id', () => {
  expect(new Set(ATTEMPTS.map(({ id }) => id)).size).toBe(ATTEMPTS.length);
});
