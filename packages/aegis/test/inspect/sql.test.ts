import {
  type AccessRequest,
  type Facts,
  inspect,
  type InspectPlatform,
  type ServerManifest,
  type SqlDialect,
} from '@aegis/core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createInspectPlatform } from '../../src/inspect/platform.ts';
import { STATEMENTS } from './statements.ts';

let platform: InspectPlatform;

beforeAll(async () => {
  platform = await createInspectPlatform({
    baseDir: '/srv',
    homeDir: '/home/agent',
    dialects: ['postgresql', 'sqlite', 'mysql'],
  });
});

/** What a call with one statement does, behind a tool that may do everything. */
function factsOf(dialect: SqlDialect, sql: unknown): Facts {
  const server: ServerManifest = {
    server: 'db',
    tools: new Map([
      [
        'run',
        {
          name: 'run',
          capabilities: ['db.read', 'db.write', 'db.schema', 'db.destroy', 'db.admin'],
          args: new Map([['sql', { kind: 'sql', dialect }]]),
          requires: [],
        },
      ],
    ]),
    receipts: [],
    clientRequests: new Set(),
    protectedTables: ['gold.*'],
  };
  const request = {
    id: 'call_1',
    subject: { tenant: 't', agent: 'a', user: 'a', session: 's' },
    action: { method: 'tools/call', door: 'mcp-stdio' },
    resource: { kind: 'tool', server: 'db', name: 'run' },
    args: { sql } as AccessRequest['args'],
    nowMs: 0,
  } as const;
  return inspect({ request, server, platform });
}

const denies = ({ findings }: Facts): boolean => findings.some((finding) => finding.denies !== undefined);

describe('what a statement does', () => {
  it.each(STATEMENTS)('$dialect: $sql', ({ dialect, sql, does, finding, denies: mustDeny = false }) => {
    const facts = factsOf(dialect, sql);
    if (does !== undefined) expect(facts.capabilities).toEqual(expect.arrayContaining([...does]));
    if (does?.length === 1 && does[0] === 'db.read') expect(facts.capabilities).toEqual(['db.read']);
    if (finding !== undefined) expect(facts.findings.map(({ id }) => id)).toContain(finding);
    expect(denies(facts)).toBe(mustDeny);
  });

  it('what is not a text is not a statement', () => {
    expect(denies(factsOf('postgresql', 7))).toBe(true);
  });

  it('nothing is narrowed by a statement that is not there', () => {
    expect(factsOf('postgresql', null).capabilities).toContain('db.destroy');
  });

  it.each([[['drop table t']], [{ text: 'drop table t' }]])('%j is a statement all the same', (sql) => {
    expect(factsOf('postgresql', sql).findings[0]).toMatchObject({ id: 'sql.drop' });
  });

  it('a text over the limit denies', () => {
    const facts = factsOf('sqlite', `select '${'x'.repeat(70_000)}'`);
    expect(facts.findings[0]).toMatchObject({ id: 'sql.too_large', denies: 'GUARD_SQL' });
  });

  it('nesting that no server needs denies, and quickly', () => {
    for (const dialect of ['postgresql', 'sqlite', 'mysql'] as const) {
      expect(denies(factsOf(dialect, `select ${'('.repeat(20_000)}1${')'.repeat(20_000)}`))).toBe(true);
    }
  });

  it('never throws, and what is no statement never passes as a read', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<SqlDialect>('postgresql', 'sqlite', 'mysql'),
        fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 60 })),
        (dialect, sql) => {
          const facts = factsOf(dialect, sql);
          expect(facts.findings.filter(({ id }) => id === 'sql.failed')).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('a dialect whose parser is not loaded denies', async () => {
    const bare = await createInspectPlatform({ baseDir: '/', homeDir: '/', dialects: [] });
    const kept = platform;
    platform = bare;
    try {
      for (const dialect of ['postgresql', 'sqlite', 'mysql'] as const) {
        expect(denies(factsOf(dialect, 'select 1'))).toBe(true);
      }
    } finally {
      platform = kept;
    }
  });
});
