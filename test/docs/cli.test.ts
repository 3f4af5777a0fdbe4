import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reference } from '../../packages/aegis/src/cli/reference.ts';

it('the page of the commands is what the commands say of themselves', () => {
  const page = readFileSync(new URL('../../docs/reference/cli.md', import.meta.url), 'utf8');
  expect(page, 'run `npm run schemas`').toBe(reference());
});
