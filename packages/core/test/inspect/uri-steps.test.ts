import { describe, expect, it } from 'vitest';
import { hasSteps } from '../../src/inspect/uri-steps.ts';

describe('steps in a URI', () => {
  it.each([
    'notes://open/../secret',
    'notes://open/./secret',
    'notes://open/..',
    'notes://open/..?q=1',
    'notes://open/%2e%2e/secret',
    'notes://open/..%2fsecret',
    'notes://open/..%5csecret',
    'notes://open/..\\secret',
    'notes://open/%252e%252e/secret',
    'notes://open/%25252525252e%2e/secret',
    'notes://open/\uff0e\uff0e/secret',
    'notes://open/%c0%ae%c0%ae/secret',
  ])('are seen in %s', (uri) => expect(hasSteps(uri)).toBe(true));

  it.each([
    'notes://open/a.md',
    'notes://open/.hidden',
    'notes://open/...',
    'notes://open/a..b/c',
    'memo://insights',
    'repo://owner%2Fname/tree?path=a%20b',
    'test://template/{id}/data',
    'notes://open/caf\u00e9/100%25',
  ])('are not seen in %s', (uri) => expect(hasSteps(uri)).toBe(false));

  it('takes a long URI in no time worth mentioning', () => {
    expect(hasSteps(`notes://open/${'a./'.repeat(20_000)}`)).toBe(false);
  });
});
