import { AegisError } from '@aegis/core';
import { describe, expect, it } from 'vitest';
import { ownCaller } from '../../src/enforce/own-session.ts';
import { acceptanceOf, SessionPinLedger } from '../../src/enforce/pin-ledger.ts';
import { createIds, sha256, systemClock, utf8 } from '../../src/platform.ts';
import type { EventStore } from '../../src/ports.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import {
  accept,
  DIGEST,
  ledgerForEach,
  path,
  recorded,
  running,
  start,
  states,
  store,
  tool,
  v1,
  v2,
  v3,
} from './pin-process.ts';

ledgerForEach();

describe('what a process holds against the pins', () => {
  it('a definition is in force once the ledger says so, and shown by what it is, not by its name', async () => {
    const gateway = start();
    expect(gateway.fact('read')).toBe('new');
    await gateway.offers(v1);
    expect([gateway.fact('read'), gateway.shows(v1), gateway.shows(v2)]).toEqual(['pinned', true, false]);
    const compared = gateway.offers(v2);
    // Even before the comparison is written down.
    expect([gateway.fact('read'), gateway.shows(v1), gateway.shows(v2)]).toEqual(['changed', true, false]);
    await compared;
    expect(await states()).toEqual(['read changed']);
  });

  it('asks of resources nothing', async () => {
    const gateway = start();
    const resource = { kind: 'resource', server: 'files', name: 'file:///x' } as const;
    expect(gateway.pins.fact(resource)).toBeUndefined();
    expect(gateway.pins.shows(resource, undefined)).toBe(true);
  });

  it('a tool and a prompt of the same name are two', async () => {
    const gateway = start();
    await gateway.offers(v1);
    await gateway.pins.observe('files', 'prompt', new Map([['read', v2]]));
    expect(gateway.pins.fact({ kind: 'prompt', server: 'files', name: 'read' })).toBe('pinned');
    await gateway.offers(v2);
    expect(gateway.fact('read')).toBe('changed');
  });

  it('what cannot be pinned is never in force, and can be changed into something that is', async () => {
    const gateway = start();
    await gateway.offers(v1);
    const huge = tool('read', 'x'.repeat(300_000));
    await gateway.offers(huge);
    expect([gateway.fact('read'), gateway.shows(huge)]).toEqual(['unreadable', false]);
    await gateway.offers(v1);
    expect(gateway.fact('read')).toBe('pinned');
    expect(await states()).toEqual(['read changed', 'read pinned']);
  });

  it('a restart takes nothing from what it sees: the pin is the old one', async () => {
    await start().offers(v1);
    const second = start();
    await second.offers(v2);
    expect(second.fact('read')).toBe('changed');
    const third = start();
    await third.offers(v1);
    expect(third.fact('read')).toBe('pinned');
    expect(await recorded('TOOL_PINNED')).toHaveLength(1);
    expect(await states()).toEqual(['read changed', 'read pinned']);
  });
});

describe('several processes on one ledger', () => {
  it('pin once, whoever is first, and all know it', async () => {
    const others = Array.from({ length: 3 }, () => openSqliteStore(path));
    const processes = [store, ...others].map((on) => start({}, on));
    const offers = Array.from({ length: 20 }, (_, n) => tool(`tool ${n}`, 'the same'));
    await Promise.all(processes.map((one) => one.offers(...offers)));
    expect(await recorded('TOOL_PINNED')).toHaveLength(20);
    for (const one of processes) {
      for (const { name } of offers) expect(one.fact(String(name))).toBe('pinned');
    }
    for (const { pins, ledger } of running.splice(1)) {
      await pins.close();
      await ledger.close('done');
    }
    await Promise.all(others.map((other) => other.close()));
  });

  it('that see two first definitions: the one that was recorded is in force, the other is a change', async () => {
    const [one, two] = [start(), start()];
    await Promise.all([one.offers(v1), two.offers(v2)]);
    expect(new Set([one.fact('read'), two.fact('read')])).toEqual(new Set(['changed', 'pinned']));
    expect(await recorded('TOOL_PINNED')).toHaveLength(1);
  });

  it('take notice of what a person accepted within a second, and tell their clients', async () => {
    const [one, two] = [start(), start({ firstSight: 'quarantine' })];
    await one.offers(v1);
    await two.offers(v2);
    expect(two.fact('read')).toBe('changed');
    await accept('read');
    await expect.poll(() => [one.fact('read'), two.fact('read')]).toEqual(['changed', 'pinned']);
    expect([one.told, two.told]).toEqual([['tool'], ['tool']]);
    expect(await recorded('TOOL_ACCEPTED')).toMatchObject([{ name: 'read', by: 'Ada L.' }]);
  });

  it('that see different definitions do not fill the ledger with their disagreement', async () => {
    const processes = [start(), start(), start()];
    const versions = [v1, v2, v3];
    await processes[0]?.offers(v1);
    await Promise.all(processes.map((one, i) => one.offers(versions[i] ?? v1)));
    const before = (await recorded('TOOL_CHANGED')).length;
    expect(before).toBeLessThanOrEqual(4);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(await recorded('TOOL_CHANGED')).toHaveLength(before);
  });
});

describe('what a person accepts', () => {
  it('is what was recorded, though the server offers something else by now', async () => {
    const gateway = start();
    await gateway.offers(v1);
    await gateway.offers(v2);
    const ports = { clock: systemClock, ids: createIds(systemClock), store, sha256, utf8 };
    const person = new SessionPinLedger(ports, DIGEST, ownCaller('ada'));
    const [shown] = await person.changes();
    if (shown === undefined) throw new Error('nothing was recorded');
    expect(shown).toMatchObject({
      pinned: { definition: v1 },
      offered: { definition: v2 },
      state: 'changed',
    });
    await gateway.offers(v3);
    const draft = acceptanceOf(shown, 'ada');
    if (draft === undefined) throw new Error('nothing was offered');
    await person.record([draft]);
    await expect.poll(() => gateway.shows(v2)).toBe(true);
    expect([gateway.fact('read'), gateway.shows(v3)]).toEqual(['changed', false]);
    // A second person with the old picture is too late.
    const late = new SessionPinLedger(ports, DIGEST, ownCaller('bob'));
    await expect(late.record([draft])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    for (const ledger of [person, late]) await ledger.close('done');
  });

  it('can be accepted under its name even when it was taken back meanwhile', async () => {
    const gateway = start();
    await gateway.offers(v1);
    await gateway.offers(v2);
    await gateway.offers(v1);
    await accept('read');
    await expect.poll(() => gateway.fact('read')).toBe('changed');
    expect(gateway.shows(v2)).toBe(true);
  });
});

describe('a ledger that cannot be written', () => {
  it('lets nothing new in, and lets it in when it can be written again', async () => {
    let broken = true;
    const failing: EventStore = {
      append: (request) =>
        broken ? Promise.reject(new AegisError('STORE_UNAVAILABLE', 'disk full')) : store.append(request),
      session: (tenant, session) => store.session(tenant, session),
      entries: (options) => store.entries(options),
      ofTypes: (types, after) => store.ofTypes(types, after),
      pins: (after) => store.pins(after),
      blob: (hash, position) => store.blob(hash, position),
      close: () => Promise.resolve(),
    };
    let now = 0;
    const gateway = start({ clock: { now: () => now } }, failing);
    await gateway.offers(v1);
    expect([gateway.fact('read'), gateway.shows(v1), gateway.pins.problem()]).toEqual([
      'new',
      false,
      'disk full',
    ]);
    broken = false;
    now += 10_000;
    await expect.poll(() => gateway.fact('read')).toBe('pinned');
    expect([gateway.shows(v1), gateway.told, gateway.pins.problem()]).toEqual([true, ['tool'], undefined]);
  });
});
