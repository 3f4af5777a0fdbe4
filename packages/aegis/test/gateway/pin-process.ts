import type { EventType, JsonObject } from '@aegis/core';
import { afterEach, beforeEach } from 'vitest';
import { ownCaller } from '../../src/enforce/own-session.ts';
import { acceptanceOf, SessionPinLedger } from '../../src/enforce/pin-ledger.ts';
import type { FirstSight } from '../../src/gateway/pins/compare.ts';
import { fingerprintOf } from '../../src/gateway/pins/fingerprint.ts';
import { Pins } from '../../src/gateway/pins/pins.ts';
import type { Suspicion } from '../../src/gateway/pins/suspect.ts';
import type { VerifiableStore } from '../../src/ledger-ports.ts';
import { createIds, sha256, systemClock, utf8 } from '../../src/platform.ts';
import type { Clock, EventStore } from '../../src/ports.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { ledgerPath } from '../store/folder.ts';

export const DIGEST = () => '0'.repeat(64);

export const tool = (name: string, description: string): JsonObject => ({ name, description });

/** What one process has: its own ledger, its own comparison. */
class Process {
  readonly pins: Pins;
  readonly ledger: SessionPinLedger;
  readonly told: string[] = [];

  constructor(
    store: EventStore,
    {
      firstSight = 'pin',
      clock = systemClock,
      suspicion,
    }: { firstSight?: FirstSight; clock?: Clock; suspicion?: Suspicion } = {},
  ) {
    const ports = { clock: systemClock, ids: createIds(systemClock), store, sha256, utf8 };
    this.ledger = new SessionPinLedger(ports, DIGEST);
    this.pins = new Pins({
      ledger: this.ledger,
      clock,
      firstSight,
      shadow: () => false,
      ...(suspicion === undefined ? {} : { suspicion }),
    });
    this.pins.onChange((kinds) => this.told.push(...kinds));
  }

  offers(...definitions: readonly JsonObject[]): Promise<void> {
    const named = new Map(definitions.map((definition) => [String(definition['name']), definition]));
    return this.pins.observe('files', 'tool', named);
  }

  fact(name: string): string | undefined {
    return this.pins.fact({ kind: 'tool', server: 'files', name });
  }

  shows(definition: JsonObject): boolean {
    const resource = { kind: 'tool', server: 'files', name: String(definition['name']) } as const;
    return this.pins.shows(resource, fingerprintOf(definition)?.digest);
  }
}

/** The ledger of the test that runs. */
export let store: VerifiableStore;
export let path: string;
export const running: Process[] = [];

/** Gives each test of the file a ledger of its own, and looks at what it leaves. */
export function ledgerForEach(): void {
  beforeEach(() => {
    path = ledgerPath();
    store = openSqliteStore(path);
  });

  afterEach(async () => {
    for (const { pins, ledger } of running.splice(0)) {
      await pins.close();
      await ledger.close('the test is over');
    }
    const view = await store.view();
    const { findings } = await verifyLedger(view);
    await view.close();
    await store.close();
    // Whatever a test did, the ledger that it leaves is sound.
    if (findings.length > 0) throw new Error(JSON.stringify(findings));
  });
}

/** Starts a process on the ledger; it ends with the test. */
export function start(
  options: ConstructorParameters<typeof Process>[1] = {},
  on: EventStore = store,
): Process {
  const started = new Process(on, options);
  running.push(started);
  return started;
}

/** A person, in a process of their own, accepts what was offered. */
export async function accept(...names: readonly string[]): Promise<void> {
  const ports = { clock: systemClock, ids: createIds(systemClock), store, sha256, utf8 };
  const ledger = new SessionPinLedger(ports, DIGEST, ownCaller('Ada L.'));
  for (const pin of await ledger.changes()) {
    const draft = names.includes(pin.name) ? acceptanceOf(pin, 'Ada L.') : undefined;
    if (draft !== undefined) await ledger.record([draft]);
  }
  await ledger.close('done');
}

export async function recorded(...types: readonly EventType[]): Promise<readonly JsonObject[]> {
  const found: JsonObject[] = [];
  for await (const { body } of store.entries()) {
    const { event_type, payload } = JSON.parse(body);
    if (types.includes(event_type)) found.push(payload);
  }
  return found;
}

export const states = async () =>
  (await recorded('TOOL_CHANGED')).map(({ name, state }) => `${name} ${state}`);

export const v1 = tool('read', 'reads');
export const v2 = tool('read', 'reads, and sends it elsewhere');
export const v3 = tool('read', 'reads, and burns it');
