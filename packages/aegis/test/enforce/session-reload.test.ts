import { setImmediate } from 'node:timers/promises';
import { AegisError } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import type { AppendRequest, EventStore, StoredEntry, StoredPin, TypedEntries } from '../../src/ports.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { createHarness, reply } from './harness.ts';

/** A real store behind two switches: whether appends fail, and what is read back. */
class FaultyStore implements EventStore {
  broken = false;
  readBack: (entries: readonly StoredEntry[]) => readonly StoredEntry[] = (entries) => entries;
  readonly #store = createMemoryStore();

  /** Durable a moment later, as on a disk. */
  async append(request: AppendRequest): Promise<void> {
    const { broken } = this;
    await setImmediate();
    if (broken) throw new AegisError('STORE_UNAVAILABLE', 'disk full');
    await this.#store.append(request);
  }

  async *session(tenant: string, session: string): AsyncGenerator<StoredEntry> {
    const entries: StoredEntry[] = [];
    for await (const entry of this.#store.session(tenant, session)) entries.push(entry);
    yield* this.readBack(entries);
  }

  entries(options?: { after?: number; limit?: number }): AsyncIterable<StoredEntry> {
    return this.#store.entries(options);
  }

  ofTypes(types: readonly string[], after: number): Promise<TypedEntries> {
    return this.#store.ofTypes(types, after);
  }

  pins(after?: number): AsyncIterable<StoredPin> {
    return this.#store.pins(after);
  }

  blob(hash: string, position: number): Promise<Uint8Array | undefined> {
    return this.#store.blob(hash, position);
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

async function afterFailure(readBack: FaultyStore['readBack']) {
  const store = new FaultyStore();
  const harness = await createHarness({ store, limits: { maxToolCalls: 2 } });
  const session = await harness.open();
  for (const n of [1, 2]) await harness.call(session, 'slow', { n });
  store.broken = true;
  expect(await harness.call(session, 'slow', { n: 3 })).toMatchObject({ kind: 'denied' });
  store.broken = false;
  store.readBack = readBack;
  let executions = 0;
  const answer = await harness.call(session, 'slow', { n: 4 }, () => {
    executions++;
    return Promise.resolve(reply({}));
  });
  return { answer, executions };
}

describe('a session that is read back after a failed append', () => {
  it('keeps its budgets', async () => {
    const { answer, executions } = await afterFailure((entries) => entries);
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'BUDGET_EXCEEDED' } });
    expect(executions).toBe(0);
  });

  it.each<[string, FaultyStore['readBack']]>([
    ['was cut short', (entries) => entries.slice(0, 1)],
    ['is gone', () => []],
    ['lacks a call in the middle', (entries) => [...entries.slice(0, 1), ...entries.slice(6)]],
    [
      'has a changed body',
      (entries) => entries.map((entry) => ({ ...entry, body: entry.body.replace('"allow"', '"alloy"') })),
    ],
    [
      'has another hash at its end',
      (entries) => entries.map((entry, i) => (i < 10 ? entry : { ...entry, hash: 'f'.repeat(64) })),
    ],
  ])('gives no budget back when what is stored %s', async (_, readBack) => {
    const { answer, executions } = await afterFailure(readBack);
    expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'LEDGER_UNAVAILABLE' } });
    expect(executions).toBe(0);
  });

  it('records every one of many calls that failed together, once', async () => {
    const store = new FaultyStore();
    const harness = await createHarness({ store });
    const session = await harness.open();
    store.broken = true;
    const answers = Array.from({ length: 20 }, (_, n) => harness.call(session, 'slow', { n }));
    // The calls have sealed their intents in vain; their denials come to a store that works again.
    store.broken = false;
    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatchObject({ kind: 'denied', denial: { code: 'LEDGER_UNAVAILABLE' } });
    }
    const types = (await harness.events(session)).map(({ type }) => type);
    expect(types.filter((type) => type === 'TOOL_CALL_DENIED')).toHaveLength(20);
    expect(types.filter((type) => type === 'TOOL_CALL_ALLOWED')).toHaveLength(0);
    expect(await harness.call(session, 'slow')).toMatchObject({ kind: 'result' });
  });
});
