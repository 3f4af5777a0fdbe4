import { type KillSwitch, killDraft, type KillTarget } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { KillBoard } from '../../src/enforce/kill-board.ts';
import { KillLedger } from '../../src/enforce/kill-ledger.ts';
import { OwnSession } from '../../src/enforce/own-session.ts';
import { createIds, sha256, systemClock, utf8 } from '../../src/platform.ts';
import { type EventStore, UpstreamError, type UpstreamReply } from '../../src/ports.ts';
import { createMemoryStore } from '../../src/store/memory.ts';
import { createHarness } from './harness.ts';

const BOT: KillSwitch = { scope: 'agent', name: 'bot', by: 'ada', why: 'it misbehaves' };

async function stoppable() {
  const board = new KillBoard();
  const harness = await createHarness({ killed: (subject) => board.of(subject) });
  const stop = async (thrown: KillSwitch = BOT): Promise<void> => {
    for (const one of board.set([thrown])) await harness.kernel.stop(one);
  };
  return { ...harness, board, stop };
}

describe('an agent that is stopped', () => {
  it('has its calls under way cancelled, its sessions ended and its new calls denied', async () => {
    const harness = await stoppable();
    const session = await harness.open();
    const reached = Promise.withResolvers<void>();
    const call = harness.call(session, 'slow', {}, ({ signal }) => {
      const { promise, reject } = Promise.withResolvers<UpstreamReply>();
      signal?.addEventListener('abort', () => reject(new UpstreamError('cancelled', 'cancelled')));
      reached.resolve();
      return promise;
    });
    await reached.promise;
    await harness.stop();
    expect(await call).toMatchObject({ kind: 'denied', denial: { code: 'KILLED' } });
    expect(harness.kernel.isOpen(session)).toBe(false);
    const events = await harness.events(session);
    expect(events.at(-2)).toMatchObject({
      type: 'TOOL_RESULT',
      payload: { outcome: 'failed', code: 'KILLED' },
    });
    expect(events.at(-1)).toMatchObject({
      type: 'TERMINATION',
      payload: { cause: 'stopped by the kill switch for agent bot' },
    });
    expect(await harness.call(session, 'slow')).toMatchObject({ denial: { code: 'KILLED' } });
    const next = await harness.open();
    expect(await harness.call(next, 'slow')).toMatchObject({ denial: { code: 'KILLED' } });
    expect((await harness.events(next)).map(({ type }) => type)).toContain('TOOL_CALL_DENIED');
    expect(
      await harness.kernel.report(next, { type: 'MEMORY_READ', payload: { store: 'a', key: 'b' } }),
    ).toContain('has stopped');
  });

  it('goes on in a new session when it may', async () => {
    const harness = await stoppable();
    const session = await harness.open();
    await harness.stop();
    harness.board.set([]);
    expect(await harness.call(await harness.open(), 'slow')).toMatchObject({ kind: 'result' });
    expect(await harness.call(session, 'slow')).toMatchObject({ denial: { code: 'KILLED' } });
  });

  it('is not another one', async () => {
    const harness = await stoppable();
    const session = await harness.open();
    await harness.stop({ scope: 'agent', name: 'other' });
    await harness.stop({ scope: 'tenant', name: 'other' });
    expect(await harness.call(session, 'slow')).toMatchObject({ kind: 'result' });
    await harness.stop({ scope: 'all' });
    expect(harness.kernel.isOpen(session)).toBe(false);
  });
});

const mac = (key: string) => (text: string) => sha256(`${key}\n${text}`);

function ledgerOn(store: EventStore, key = 'key') {
  const ports = { clock: systemClock, ids: createIds(systemClock), store, sha256, utf8, mac: mac(key) };
  return { ports, ledger: new KillLedger(ports, () => '0'.repeat(64)) };
}

const ALL: KillTarget = { scope: 'all' };
const stop = { killed: true, by: 'ada', door: 'cli', why: 'an alarm' };
const go = { killed: false, by: 'ada', door: 'cli' };

const thrown = async (ledger: KillLedger) => (await ledger.switches()).flatMap((one) => one.thrown ?? []);

describe('the record of switches', () => {
  it('is the same for every process on the ledger, and tells who and why', async () => {
    const store = createMemoryStore();
    const [one, other] = [ledgerOn(store).ledger, ledgerOn(store).ledger];
    expect(await one.turn(ALL, stop)).toBe(true);
    expect(await one.turn(BOT, stop)).toBe(true);
    expect(await other.turn(ALL, stop)).toBe(false);
    expect(await thrown(other)).toMatchObject([
      { scope: 'all', by: 'ada', why: 'an alarm' },
      { scope: 'agent', name: 'bot' },
    ]);
    expect(await other.turn(ALL, go)).toBe(true);
    expect(await thrown(one)).toMatchObject([{ scope: 'agent', name: 'bot' }]);
    expect(await one.turn(ALL, go)).toBe(false);
    expect(await one.turn(ALL, stop)).toBe(true);
    expect(await thrown(ledgerOn(store).ledger)).toHaveLength(2);
  });

  it('of two people who stop the same in the same moment has one stop', async () => {
    const store = createMemoryStore();
    const both = [ledgerOn(store).ledger, ledgerOn(store).ledger];
    const turned = await Promise.all(both.map((ledger) => ledger.turn(ALL, stop)));
    expect(turned.filter((one) => one)).toHaveLength(1);
  });

  it('is not ended by who has the store and not the key', async () => {
    const store = createMemoryStore();
    await ledgerOn(store).ledger.turn(ALL, stop);
    await ledgerOn(store, 'another key').ledger.turn(ALL, go);
    expect(await thrown(ledgerOn(store).ledger)).toHaveLength(1);
  });

  it('is not ended by an older word, said again', async () => {
    const store = createMemoryStore();
    const { ledger, ports } = ledgerOn(store);
    await ledger.turn(ALL, stop);
    const first = (await ledger.switches())[0]?.fingerprint;
    await ledger.turn(ALL, go);
    await ledger.turn(ALL, stop);
    const second = (await ledger.switches())[0]?.fingerprint;
    expect(second).not.toBe(first);
    const old = killDraft(
      { target: ALL, by: 'ada', door: 'cli', pinned: first, fingerprint: undefined },
      ports.mac,
    );
    const replayed = { ...old, payload: { ...old.payload, pinned: second ?? '' } };
    await new OwnSession(ports, () => '0'.repeat(64)).record([replayed]);
    expect(await thrown(ledgerOn(store).ledger)).toHaveLength(1);
  });
});
