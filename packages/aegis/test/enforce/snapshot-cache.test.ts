import { createHmac } from 'node:crypto';
import type { EventDraft } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { readSession } from '../../src/enforce/session-reading.ts';
import { Sessions } from '../../src/enforce/sessions.ts';
import { createSnapshotCache, type SnapshotCache } from '../../src/enforce/snapshot-cache.ts';
import type { SessionPlace, StoredSnapshot } from '../../src/ledger-ports.ts';
import { sha256, utf8 } from '../../src/platform.ts';
import type { EventStore, StoredEntry } from '../../src/ports.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { toolCall } from '../store/session-writer.ts';
import { CountingIds, FixedClock } from './harness.ts';

const mac = (text: string): string => createHmac('sha256', 'secret').update(text).digest('hex');

/** Where snapshots are kept, open to whoever wants to change them. */
class Shelf {
  readonly kept: StoredSnapshot[] = [];
  async putSnapshot(snapshot: StoredSnapshot): Promise<void> {
    this.kept.push(snapshot);
  }
  async snapshot({ tenant, session }: SessionPlace): Promise<StoredSnapshot | undefined> {
    return this.kept.findLast((one) => one.tenant === tenant && one.session === session);
  }
}

/** A session of so many whole calls, and everything that it was made with. */
async function sessionOf(calls: number) {
  const [shelf, store, clock] = [new Shelf(), createMemoryStore(), new FixedClock()];
  const snapshots = createSnapshotCache(shelf, mac);
  const ports = { clock, ids: new CountingIds(), store, sha256, utf8, snapshots };
  const sessions = new Sessions(ports);
  const session = await sessions.open(
    { tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-stdio' },
    '0'.repeat(64),
  );
  for (let i = 0; i < calls; i++) await session.record(toolCall(`c${i}`));
  await session.record(toolCall('open').slice(0, 3) as [EventDraft, ...EventDraft[]]);
  const place = { tenant: 'acme', session: session.identity.session };
  return { shelf, store, sessions, session, place, snapshots };
}

/** A store that remembers the entries whose bodies were looked at. */
function watching(store: EventStore): { readonly watched: EventStore; readonly looked: ReadonlySet<number> } {
  const looked = new Set<number>();
  const watched: EventStore = {
    ...store,
    async *session(tenant, session) {
      for await (const { body, ...entry } of store.session(tenant, session)) {
        const get = (): string => {
          looked.add(entry.seq);
          return body;
        };
        yield Object.defineProperty(entry, 'body', { get }) as StoredEntry;
      }
    },
  };
  return { watched, looked };
}

function comparable(snapshot: { readonly openCalls: Iterable<unknown> }) {
  return { ...snapshot, openCalls: [...snapshot.openCalls] };
}

describe('snapshots of a session', () => {
  it('are kept every 500 events, and at its end', async () => {
    const { shelf, sessions, place } = await sessionOf(250);
    expect(shelf.kept.map(({ seq }) => seq)).toEqual([500, 1000]);
    await sessions.close(place.session, 'done');
    expect(shelf.kept.at(-1)).toMatchObject({ ...place, seq: 1255 });
  });

  it('give the same state as the whole session, and spare its entries', async () => {
    const { store, place, snapshots } = await sessionOf(250);
    const whole = await readSession({ store, sha256 }, place);
    const { watched, looked } = watching(store);
    const cached = await readSession({ store: watched, sha256, snapshots }, place);
    expect(comparable(cached.snapshot)).toEqual(comparable(whole.snapshot));
    expect(cached.head).toBe(whole.head);
    expect(cached.snapshot).toMatchObject({ toolCalls: 251, agent: 'bot', user: 'bot' });
    // Of 1254 entries the newest snapshot has 1001.
    expect([...looked]).toEqual(Array.from({ length: 253 }, (_, i) => 1001 + i));
  });

  it.each<[string, (kept: StoredSnapshot) => StoredSnapshot]>([
    [
      'a budget given back',
      (kept) => ({ ...kept, body: kept.body.replace(/"toolCalls":\d+/, '"toolCalls":0') }),
    ],
    ['another MAC', (kept) => ({ ...kept, body: kept.body.replace(/^./, (c) => (c === '0' ? '1' : '0')) })],
    ['another hash', (kept) => ({ ...kept, hash: 'f'.repeat(64) })],
    ['another seq', (kept) => ({ ...kept, seq: kept.seq - 1 })],
    ['no MAC', (kept) => ({ ...kept, body: kept.body.slice(kept.body.indexOf('\n') + 1) })],
    ['nothing in it', (kept) => ({ ...kept, body: '' })],
  ])('with %s are thrown away', async (_, spoil) => {
    const { shelf, store, place, snapshots } = await sessionOf(250);
    const last = shelf.kept.at(-1) as StoredSnapshot;
    shelf.kept.push(spoil(last));
    expect(await snapshots.find(place)).toBeUndefined();
    const { snapshot } = await readSession({ store, sha256, snapshots }, place);
    expect(snapshot.toolCalls).toBe(251);
  });

  it('of another session are thrown away', async () => {
    const [one, other] = [await sessionOf(250), await sessionOf(250)];
    const stolen = { ...(other.shelf.kept.at(-1) as StoredSnapshot), ...one.place };
    const renamed = { ...stolen, session: 'ses_other' };
    const shelf = new Shelf();
    shelf.kept.push(renamed);
    expect(
      await createSnapshotCache(shelf, mac).find({ tenant: 'acme', session: 'ses_other' }),
    ).toBeUndefined();
  });

  it('of another program version are thrown away', async () => {
    const { shelf, place } = await sessionOf(250);
    const { seq, hash, body } = shelf.kept.at(-1) as StoredSnapshot;
    const state = body.slice(body.indexOf('\n') + 1).replace('"toolCalls"', '"tool_calls"');
    const sealed = mac(JSON.stringify([place.tenant, place.session, seq, hash, state]));
    shelf.kept.push({ ...place, seq, hash, body: `${sealed}\n${state}` });
    expect(await createSnapshotCache(shelf, mac).find(place)).toBeUndefined();
  });

  it.each<[string, (entries: readonly StoredEntry[]) => readonly StoredEntry[]]>([
    ['are cut before the snapshot', (entries) => entries.slice(0, 750)],
    ['are cut behind the snapshot', (entries) => entries.slice(0, 1230)],
    [
      'have another hash where it stands',
      (entries) => entries.map((one) => (one.seq === 1000 ? { ...one, hash: 'f'.repeat(64) } : one)),
    ],
    [
      'are changed behind it',
      (entries) =>
        entries.map((one) =>
          one.seq === 1230 ? { ...one, body: one.body.replace('open', 'opem').replace('c245', 'c246') } : one,
        ),
    ],
  ])('hide nothing when the entries %s', async (_, spoil) => {
    const { store, place, snapshots, session } = await sessionOf(250);
    const entries: StoredEntry[] = [];
    for await (const entry of store.session(place.tenant, place.session)) entries.push(entry);
    const acknowledged = entries.at(-1)?.hash ?? '';
    expect(session.snapshot.events).toBe(entries.length);
    const spoiled: EventStore = {
      ...store,
      async *session() {
        yield* spoil(entries);
      },
    };
    await expect(
      readSession({ store: spoiled, sha256, snapshots }, place, acknowledged),
    ).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });

  it('that cannot be kept or found stop nothing', async () => {
    const gone = () => Promise.reject(new Error('the disk is gone'));
    const snapshots: SnapshotCache = createSnapshotCache({ putSnapshot: gone, snapshot: gone }, mac);
    const { store, place, session } = await sessionOf(2);
    await snapshots.keep(session.snapshot, 'f'.repeat(64));
    expect((await readSession({ store, sha256, snapshots }, place)).snapshot.toolCalls).toBe(3);
  });
});
