import { cpSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { SessionPlace } from '../../src/ledger-ports.ts';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { ledgerPath } from './folder.ts';
import { archived, collect, ended, SessionWriter, started, toolCall } from './session-writer.ts';

const SESSIONS = 40;
const EVENTS = 102;

describe('an archive of many sessions', () => {
  test('is sound at every moment, lets others write, and is ended by the next process', async () => {
    const path = ledgerPath();
    const copy = `${path}.copy`;
    const store = openSqliteStore(path);
    const places: SessionPlace[] = [];
    for (let i = 0; i < SESSIONS; i++) {
      const calls = Array.from({ length: 20 }, (_, n) => toolCall(`c${n}`)).flat();
      await store.append(new SessionWriter(`ses_${i}`).seal(started, ...calls, ended));
      places.push({ tenant: 'acme', session: `ses_${i}` });
    }
    await store.trees.seal();

    const request = new SessionWriter('own').seal(started, archived('seg_1', SESSIONS, SESSIONS * EVENTS));
    const state = { ended: false };
    const archiving = store.archive(request, 'seg_1', places).finally(() => {
      state.ended = true;
    });
    const seen = new Set<number>();
    for (let i = 0; !state.ended; i++) {
      await setImmediate();
      const view = openSqliteView(path);
      const entries = (await collect(view.entries())).length;
      if (entries < SESSIONS * EVENTS && !seen.has(entries) && entries > 2) {
        const { findings } = await verifyLedger(view);
        expect(findings).toEqual([]);
        if (seen.size === 0) for (const end of ['', '-wal']) cpSync(path + end, copy + end);
        await store.append(new SessionWriter(`meanwhile_${i}`).seal(started));
      }
      seen.add(entries);
      await view.close();
    }
    expect(await archiving).toBe(SESSIONS * EVENTS);
    // Before it, some of it removed, and after it.
    expect(seen.size).toBeGreaterThan(2);
    await store.close();

    const next = openSqliteStore(copy);
    const left = async (): Promise<number> => {
      const counts = places.map(
        async ({ tenant, session }) => (await collect(next.session(tenant, session))).length,
      );
      return (await Promise.all(counts)).filter((count) => count > 0).length;
    };
    await next.trees.seal();
    expect(await left()).toBe(0);
    const view = await next.view();
    expect(await verifyLedger(view)).toMatchObject({ findings: [] });
    await view.close();
    await next.close();
  });
});
