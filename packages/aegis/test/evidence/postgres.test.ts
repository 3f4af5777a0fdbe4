import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { consistencyProof, openCheckpoint, verifyConsistency } from '@aegis/core';
import { expect, it } from 'vitest';
import { recoverSessions } from '../../src/enforce/recovery.ts';
import { Sessions } from '../../src/enforce/sessions.ts';
import { readLogIdentity } from '../../src/evidence/keys/log-identity.ts';
import { tilesOf } from '../../src/evidence/tree-tiles.ts';
import { INSTALLATION_LOG } from '../../src/ledger-ports.ts';
import { createIds, digest, sha256, systemClock, utf8, verifyEd25519 } from '../../src/platform.ts';
import { openPostgresStore } from '../../src/store/postgres.ts';
import { describePostgres } from '../store/postgres/cluster.ts';
import { collect, note, SessionWriter, started, toolCall } from '../store/session-writer.ts';
import { checkpointOf, ground, openLedger } from './ground.ts';

await describePostgres('a sealed ledger in PostgreSQL', (cluster) => {
  it('is sealed, signed and goes on where it was', async () => {
    const [place, dsn] = [ground(), await cluster.database()];
    const ledger = await openLedger(place, { store: await openPostgresStore(dsn) });
    const writer = new SessionWriter('ses_1');
    await ledger.append(writer.seal(started, note('one')));
    await ledger.sealNow();
    expect(await checkpointOf(ledger, place, 'acme')).toMatchObject({ size: 2 });
    await ledger.append(writer.seal(note('two')));
    await ledger.close();
    const again = await openLedger(place, { store: await openPostgresStore(dsn) });
    expect(await checkpointOf(again, place, 'acme')).toMatchObject({ size: 3 });
    expect(await checkpointOf(again, place)).toMatchObject({ size: 2 });
  });

  it('is signed by machines that have the same keys, each with a head of its own, in one line', async () => {
    const [place, dsn] = [ground(), await cluster.database()];
    const first = await openLedger(place, { store: await openPostgresStore(dsn) });
    await first.append(new SessionWriter('ses_0').seal(started));
    await first.sealNow();
    const elsewhere = { ...place, keys: join(place.folder, 'elsewhere') };
    cpSync(place.keys, elsewhere.keys, { recursive: true });
    const second = await openLedger(elsewhere, { store: await openPostgresStore(dsn) });
    await Promise.all(
      [first, second].map(async (ledger, machine) => {
        const writer = new SessionWriter(`ses_machine${machine}`);
        await ledger.append(writer.seal(started));
        for (let i = 0; i < 15; i++) {
          await ledger.append(writer.seal(note(`${i}`)));
          await ledger.sealNow();
        }
      }),
    );
    for (const log of ['acme', INSTALLATION_LOG]) {
      const { keys } = await readLogIdentity(place.keys, log);
      const notes = await collect(first.trees.checkpoints(log));
      const opened = notes.map(({ note: text }) => openCheckpoint(text, keys, verifyEd25519));
      expect(notes.length).toBeGreaterThan(15);
      for (const [i, after] of opened.entries()) {
        const before = opened[i - 1];
        if (typeof after === 'string') throw new Error(after);
        if (before === undefined || typeof before === 'string') continue;
        const [from, to] = [before.checkpoint, after.checkpoint];
        const proof = await consistencyProof(from.size, to.size, tilesOf(first.trees, log), digest);
        expect(verifyConsistency(from.size, from.root, to.size, to.root, proof, digest)).toBe(true);
      }
    }
    expect([first.problem(), second.problem()]).toEqual([undefined, undefined]);
  });

  it('that was put back to an older state is not opened', async () => {
    const place = ground();
    const [newer, older] = [await cluster.database(), await cluster.database()];
    const writer = new SessionWriter('ses_1');
    const [begun, more] = [writer.seal(started), writer.seal(note('more'))];
    const ledger = await openLedger(place, { store: await openPostgresStore(newer) });
    await ledger.append(begun);
    await ledger.append(more);
    await ledger.close();
    const { installation } = JSON.parse(readFileSync(join(place.keys, 'ledger.json'), 'utf8'));
    const copy = await openPostgresStore(older);
    await copy.trees.installation(installation);
    await copy.append(begun);
    await copy.close();
    await expect(openLedger(place, { store: await openPostgresStore(older) })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      help: expect.stringContaining('restore-accept'),
    });
  });

  it('gives the sessions of a machine that is gone to another one', async () => {
    const [place, dsn] = [ground(), await cluster.database()];
    const gone = await openPostgresStore(dsn);
    const ports = { clock: systemClock, ids: createIds(systemClock), store: gone, sha256, utf8 };
    const session = await new Sessions(ports).open(
      { tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-http' },
      '0'.repeat(64),
    );
    const [proposed, decided, allowed] = toolCall('c1');
    await session.record([proposed, ...([decided, allowed].filter(Boolean) as (typeof proposed)[])]);
    const clock = { now: () => Date.now() + 120_000 };
    const ledger = await openLedger(place, { store: await openPostgresStore(dsn), clock });
    await ledger.lease.recoverWith(async (places) => {
      const unrecovered = await recoverSessions({ ...ports, store: ledger }, places);
      return unrecovered.map(({ place: left }) => left);
    });
    const bodies = (await collect(ledger.session('acme', session.identity.session))).map(({ body }) =>
      JSON.parse(body),
    );
    expect(bodies.at(-1)).toMatchObject({ event_type: 'TOOL_RESULT', payload: { outcome: 'unknown' } });
    // The other machine was only slow.
    await expect(session.record([{ type: 'TERMINATION', payload: { cause: 'late' } }])).rejects.toMatchObject(
      {
        code: 'STORE_UNAVAILABLE',
      },
    );
    await gone.close();
  });
});
