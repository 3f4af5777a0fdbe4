import type { Client } from 'pg';
import type { LedgerView } from '../../ledger-ports.ts';
import { storeError } from './failure.ts';
import { readMisowned, readProcesses } from './owner-rows.ts';
import { PostgresReader } from './reader.ts';
import { readingFrom } from './statement.ts';
import { readStrays } from './strays.ts';
import { readTrees } from './tree-reader.ts';
import { unguarded } from './unguarded.ts';

/** Everything in a ledger as it is now, over a connection of its own, which ends with the view. */
export async function viewOver(client: Client): Promise<LedgerView> {
  try {
    // One snapshot from the first statement to `close`: writers go on, and this view does not see them.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  } catch (error) {
    throw storeError('the ledger cannot be read', error);
  }
  const query = readingFrom(client);
  const reader = new PostgresReader(query);
  return {
    head: await reader.head(),
    entries: ({ after = 0, limit = Number.MAX_SAFE_INTEGER } = {}) => reader.entries(after, limit),
    session: (tenant, session) => reader.session(tenant, session),
    positions: (tenant, session) => reader.positions(tenant, session),
    pins: () => reader.pins(Number.NEGATIVE_INFINITY),
    sessions: () => reader.sessions(),
    blob: (hash, position) => reader.blob(hash, position),
    countValues: () => reader.countValues(),
    values: () => reader.values(),
    trees: readTrees(query),
    erasures: () => reader.erasures(),
    removals: () => reader.removals(),
    removedRuns: () => reader.removedRuns(),
    processes: () => readProcesses(query),
    misowned: (limit) => readMisowned(query, limit),
    unguarded: () => unguarded(query),
    strays: (limit) => readStrays(query, limit),
    // A server looks after its indexes itself; who can write to its files is its superuser.
    damagedTables: async () => [],
    close: () => client.end(),
  };
}
