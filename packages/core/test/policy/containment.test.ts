import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnder, normalisePath } from '../../src/policy/containment.ts';

describe('a normalised path', () => {
  it.each([
    ['/', '/'],
    ['/srv/data/report.csv', '/srv/data/report.csv'],
    ['/srv/data/', '/srv/data'],
    ['/srv//data', '/srv/data'],
    ['/srv/./data/../keys', '/srv/keys'],
    ['/../etc', '/etc'],
    ['/srv/..data/.hidden/...', '/srv/..data/.hidden/...'],
    ['/a\n/..', '/'],
  ])('of %j is %j', (path, normal) => {
    expect(normalisePath(path)).toBe(normal);
  });

  it.each(['', 'srv', './srv', '~/srv', '/srv\0'])('%j has none', (path) => {
    expect(normalisePath(path)).toBeUndefined();
  });

  it('has no segment that is empty or a point or two, and is its own', () => {
    const segment = fc.constantFrom('', '.', '..', '...', 'a', '.a', 'a.', '\n');
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        const normal = normalisePath(`/${segments.join('/')}`) ?? '';
        const parts = normal === '/' ? [] : normal.slice(1).split('/');
        expect(parts.filter((part) => part === '' || part === '.' || part === '..')).toEqual([]);
        expect(normalisePath(normal)).toBe(normal);
        expect(isUnder(normal, '/')).toBe(true);
      }),
    );
  });
});
