import { readFileSync } from 'node:fs';
import { compilePolicy, DEFAULT_SETTINGS, readDocument } from '@aegis/core';
import { expect, it } from 'vitest';
import { sha256 } from '../../packages/aegis/src/platform.ts';

const page = readFileSync(new URL('../../docs/reference/policy-formats.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);

function namesOf(text: string | undefined): readonly string[] | undefined {
  const document = readDocument({ text: text ?? '', file: 'page.yaml' });
  const parts = [{ document, base: '/srv' }];
  const { policy, diagnostics } = compilePolicy({ parts, settings: DEFAULT_SETTINGS, sha256 });
  expect(diagnostics).toEqual([]);
  return policy?.rules.map(({ name }) => name);
}

it('the page of formats shows one policy of each, and they load', () => {
  expect(blocks).toHaveLength(2);
  expect(namesOf(blocks[0])).toEqual([
    'looking_is_free',
    'nothing_is_dropped_in_live_systems',
    'many_at_once',
    'nobody_is_here',
    'defaults',
  ]);
  expect(namesOf(blocks[1])).toEqual([
    'denyPatterns',
    'allowedDomains and sandboxRoot',
    'allowedDomains',
    'sandboxRoot',
    'not in allowedDomains',
    'not in sandboxRoot',
  ]);
});
