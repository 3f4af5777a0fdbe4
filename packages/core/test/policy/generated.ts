// Policies and calls made up for properties, small enough that rules often match.
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/model/json.ts';
import type { CallSketch } from './call.ts';
import { EXPRESSIONS, type RawRule } from './reference.ts';

const TOOL = fc.constantFrom('read', 'read_all', 'write', 'write_all', 'db_read', 'x');
const NAME_GLOB = fc.constantFrom('read', 'read*', '*_all', '*', 'w?ite', 'db_*', '*e*a*', 'x');
const PATH = fc.constantFrom('/data', '/data/a', '/data/b/c', '/etc/passwd', '/database');
const AMOUNT: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.integer({ min: 0, max: 4 }),
  fc.constantFrom<JsonValue>('2', 'two', null, true, { a: 1 }),
  fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
);

const FINDING = fc.constantFrom(
  { id: 'sql.drop', denies: 'GUARD_SQL' } as const,
  { id: 'sql.unparsable', denies: 'GUARD_SQL' } as const,
  { id: 'path.relative' },
);

function optional<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, { arbitrary, weight: 1 });
}

function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ arbitrary: fc.constant(undefined), weight: 9 }, { arbitrary, weight: 1 });
}

/** Conditions of a rule. */
export const when: fc.Arbitrary<JsonObject> = fc
  .record({
    tool_name: optional(
      fc.oneof(
        { arbitrary: NAME_GLOB, weight: 4 },
        fc.uniqueArray(NAME_GLOB, { minLength: 1, maxLength: 3 }),
        TOOL.map((eq) => ({ eq })),
        TOOL.map((ne) => ({ ne })),
        fc.uniqueArray(TOOL, { minLength: 1, maxLength: 2 }).map((names) => ({ exists: names.length > 1 })),
      ),
    ),
    server: optional(fc.constantFrom('files', 'web', '*')),
    path: optional(fc.oneof(fc.constantFrom('/data/*', '/etc/*', '*'), fc.constant({ under: '/data' }))),
    host: optional(fc.constantFrom('*.org', 'a.org', { exists: false })),
    capability: optional(fc.constantFrom('fs.*', 'exec', { ne: 'fs.read' })),
    risk: optional(fc.constantFrom('low', 'high', ['medium', 'critical'])),
    finding: seldom(fc.constantFrom('sql.drop', 'sql.*', { exists: false })),
    label: seldom(fc.constantFrom('external', ['memory', 'tool'], { ne: 'external' }, { exists: false })),
    amount: optional(
      fc.constantFrom<JsonValue>(
        2,
        't*',
        [1, 't*'],
        { gt: 1 },
        { gt: 0, lte: 2 },
        { ne: 2 },
        { eq: '2' },
        { exists: false },
        true,
      ),
    ),
  })
  .map((record) =>
    Object.fromEntries(
      Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    ),
  );

const body = fc.record({
  action: fc.constantFrom('allow', 'allow', 'allow', 'deny', 'audit', 'require_approval', 'require_approval'),
  match: fc.constantFrom('*', '*', 'tools/call', 'resources/*'),
  kind: fc.constantFrom(...Array<string>(14).fill('rule'), 'invariant', 'shadow'),
  when,
  condition: seldom(fc.constantFrom(...Object.keys(EXPRESSIONS))),
  waive: optional(fc.uniqueArray(fc.constantFrom('sql.drop', 'sql.unparsable'), { minLength: 1 })),
});

/** An ordered policy. */
export const rules: fc.Arbitrary<RawRule[]> = fc.array(body, { maxLength: 12 }).map((bodies) =>
  bodies.map(({ action, match, kind, when, condition, waive }, index) => ({
    name: `r${index}`,
    action: kind === 'invariant' && action === 'allow' ? 'audit' : action,
    match,
    when,
    ...(kind === 'invariant' ? { invariant: true } : {}),
    ...(kind === 'shadow' ? { mode: 'shadow' as const } : {}),
    ...(condition === undefined ? {} : { condition }),
    ...(waive === undefined || kind !== 'rule' || action === 'deny' ? {} : { waive }),
  })),
);

/** A call. */
export const sketch: fc.Arbitrary<CallSketch> = fc.record({
  tool: TOOL,
  kind: fc.constantFrom('tool', 'tool', 'tool', 'resource'),
  server: fc.constantFrom('files', 'web'),
  method: fc.constantFrom('tools/call', 'tools/call', 'resources/read'),
  paths: fc.array(PATH, { maxLength: 2 }),
  hosts: fc.array(fc.constantFrom('a.org', 'b.org', 'c.net'), { maxLength: 2 }),
  capabilities: fc.uniqueArray(fc.constantFrom('fs.read', 'fs.write', 'exec', 'db.destroy'), {
    maxLength: 2,
  }),
  findings: fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    fc.uniqueArray(FINDING, { maxLength: 2, selector: ({ id }) => id }),
  ),
  labels: fc.uniqueArray(fc.constantFrom('external', 'memory', 'own'), { maxLength: 2 }),
  args: fc.oneof(
    fc.constant({}),
    AMOUNT.map((amount) => ({ amount })),
  ),
});
