import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { type LeaseState, leaseState } from '../../src/keeper/leases.ts';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { ledgerPath } from '../store/folder.ts';
import { ended, SessionWriter, started } from '../store/session-writer.ts';

const NOW = 1_763_683_200_000;

async function stateAt(path: string, nowMs: number): Promise<LeaseState> {
  const view = openSqliteView(path);
  try {
    return await leaseState(view, nowMs);
  } finally {
    await view.close();
  }
}

/** Two processes, one with two open sessions and the other with one; an ended session besides. */
async function inUse(): Promise<{ readonly path: string; readonly close: () => Promise<unknown> }> {
  const path = ledgerPath();
  const [one, two] = [openSqliteStore(path), openSqliteStore(path)];
  await one.leases.renew(NOW, NOW + 20_000);
  await two.leases.renew(NOW, NOW + 30_000);
  for (const name of ['a', 'b']) await one.append(new SessionWriter(name).seal(started));
  await two.append(new SessionWriter('c').seal(started));
  await two.append(new SessionWriter('d').seal(started, ended));
  return { path, close: () => Promise.all([one.close(), two.close()]) };
}

function change(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

test('processes that run, one that is gone, and one that has let go are told in words', async () => {
  const { path, close } = await inUse();
  expect(await stateAt(path, NOW)).toEqual({
    detail: '2 processes are running with 3 open sessions, leases until 2025-11-21T00:00:30.000Z',
    problems: [],
  });
  expect(await stateAt(path, NOW + 25_000)).toEqual({
    detail:
      '1 process is running with 1 open session, leases until 2025-11-21T00:00:30.000Z; 1 process is gone and left 2 open sessions, which whoever runs next takes over',
    problems: [],
  });
  await close();
  expect(await stateAt(path, NOW)).toEqual({
    detail:
      'no process is running; 2 processes are gone and left 3 open sessions, which whoever runs next takes over',
    problems: [],
  });
});

test('an owner that is no process, and sessions with an owner that they cannot have, are problems', async () => {
  const { path, close } = await inUse();
  await close();
  change(
    path,
    `UPDATE session SET owner = 'me' WHERE session = 'a'; UPDATE session SET owner = NULL WHERE session = 'b';
     UPDATE session SET owner = 'prc_${'1'.repeat(32)}' WHERE session = 'd';
     INSERT INTO lease VALUES ('prc_${'0'.repeat(32)}', ${NOW + 3_600_000});`,
  );
  expect((await stateAt(path, NOW)).problems).toEqual([
    '1 session belongs to `me`, which is the name of no process',
    `the lease of \`prc_${'0'.repeat(32)}\` lasts until 2025-11-21T01:00:00.000Z, longer than any process takes one`,
    'session `b` of tenant `acme` has not ended and belongs to no process: nobody can go on with it',
    'session `d` of tenant `acme` has ended and belongs to the process `prc_11111111111111111111111111111111` all the same',
  ]);
});
