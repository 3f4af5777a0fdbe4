import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OpenCalls } from '../../src/session/open-calls.ts';
import type { OpenCall } from '../../src/session/snapshot.ts';

const call = (stage: OpenCall['stage']): OpenCall => ({
  family: 'tool',
  stage,
  passage: 'none',
  server: 'files',
  name: 'read',
  capabilities: [],
});

const change = fc.record({
  id: fc.string({ maxLength: 2 }),
  to: fc.option(fc.constantFrom('proposed' as const, 'decided' as const, 'allowed' as const), {
    nil: undefined,
  }),
});

const sorted = (calls: ReadonlyMap<string, OpenCall>) => [...calls].sort(([a], [b]) => (a < b ? -1 : 1));

test('open calls behave as a map that is copied at every change', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      let calls = OpenCalls.none;
      const model = new Map<string, OpenCall>();
      for (const { id, to } of changes) {
        const before = calls;
        const then = sorted(before);
        calls = calls.with(id, to && call(to));
        if (to === undefined) model.delete(id);
        else model.set(id, call(to));
        expect(sorted(before)).toEqual(then);
        expect(calls.get(id)).toEqual(model.get(id));
        expect(calls.has(id)).toBe(model.has(id));
      }
      expect(calls.size).toBe(model.size);
      expect(sorted(calls)).toEqual(sorted(model));
      expect(sorted(OpenCalls.of(model))).toEqual(sorted(model));
      expect([...calls.keys()].sort()).toEqual([...model.keys()].sort());
      expect([...calls.values()]).toHaveLength(model.size);
      const seen: string[] = [];
      calls.forEach((_, id) => seen.push(id));
      expect(seen).toEqual([...calls.keys()]);
    }),
  );
});
