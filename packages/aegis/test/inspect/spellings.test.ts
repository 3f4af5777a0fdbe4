import { type InspectPlatform, judge } from '@aegis/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createInspectPlatform } from '../../src/inspect/platform.ts';
import { authoritiesOf, spellingsOf } from './unseen/spellings.ts';

let platform: InspectPlatform;

beforeAll(async () => {
  platform = await createInspectPlatform({
    baseDir: '/workspace/project',
    homeDir: '/home/agent',
    dialects: [],
  });
});

const verdictOf = (kind: 'url' | 'path', text: string): string =>
  judge(kind, text, { platform, direction: 'request' }).verdict;

const byte = fc.integer({ min: 0, max: 255 });
const fixed = (...values: number[]) => fc.constantFrom(...values);

/** Blocks of addresses that are not public (RFC 6890). */
const inside = fc.oneof(
  fc.tuple(fixed(0, 10, 127), byte, byte, byte),
  fc.tuple(fixed(100), fc.integer({ min: 64, max: 127 }), byte, byte),
  fc.tuple(fixed(169), fixed(254), byte, byte),
  fc.tuple(fixed(172), fc.integer({ min: 16, max: 31 }), byte, byte),
  fc.tuple(fixed(192), fixed(168), byte, byte),
  fc.tuple(fixed(198), fixed(18, 19), byte, byte),
  fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
);

const outside = fc.tuple(fixed(8, 23, 52, 93, 142), byte, byte, fc.integer({ min: 1, max: 254 }));

describe('an address in any spelling', () => {
  it('that is inside is stopped, wherever in a URL it stands', () => {
    fc.assert(
      fc.property(inside, fc.nat(), fc.nat(), ([a, b, c, d], spelling, place) => {
        const hosts = spellingsOf(a, b, c, d);
        const host = hosts[spelling % hosts.length] ?? '';
        expect(verdictOf('url', `http://${host}/`)).toBe('block');
        const urls = authoritiesOf(`${a}.${b}.${c}.${d}`);
        expect(verdictOf('url', urls[place % urls.length] ?? '')).toBe('block');
      }),
      { numRuns: 1000 },
    );
  });

  it('that is public and spelled plainly is let through', () => {
    fc.assert(
      fc.property(outside, ([a, b, c, d]) => {
        expect(verdictOf('url', `https://${a}.${b}.${c}.${d}/x?y=z`)).toBe('allow');
      }),
    );
  });
});

const segment = fc.constantFrom('a', 'src', 'x.y', '.', 'my dir', 'ü');
const step = fc.constantFrom('..', '%2e%2e', '.%2E', '%252e%252e', '\uff0e\uff0e', '..%00', '..;', '....');
const slash = fc.constantFrom('/', '\\', '%2f', '%5c', '//', '%252f', '/./');

describe('a path with more steps up than down', () => {
  it('is stopped in any mixture of spellings', () => {
    fc.assert(
      fc.property(
        fc.array(segment, { maxLength: 3 }),
        fc.array(step, { minLength: 4, maxLength: 6 }),
        slash,
        (down, up, between) => {
          const path = [...down, ...up, 'etc', 'passwd'].join(between);
          expect(verdictOf('path', path)).toBe('block');
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is let through when it stays where it began', () => {
    fc.assert(
      fc.property(fc.array(segment, { minLength: 2, maxLength: 5 }), fc.nat(1), (down, up) => {
        const path = [
          ...down.map((name) => (name === '.' ? 'b' : name)),
          ...Array(up).fill('..'),
          'f.ts',
        ].join('/');
        expect(verdictOf('path', path)).toBe('allow');
      }),
    );
  });
});
