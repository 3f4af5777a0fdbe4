import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recoverSessions, type Unrecovered } from '../../src/enforce/recovery.ts';
import { Session, type SessionPorts } from '../../src/enforce/session.ts';
import { ContentTurns } from '../../src/enforce/content-turns.ts';
import { LeaseKeeper } from '../../src/evidence/lease-keeper.ts';
import type { SealedLedger } from '../../src/evidence/sealed-ledger.ts';
import type { LeaseStore, SessionPlace } from '../../src/ledger-ports.ts';
import { createIds, sha256, utf8 } from '../../src/platform.ts';
import type { Clock } from '../../src/ports.ts';
import { openSqliteStore, openSqliteView } from '../../src/store/sqlite.ts';
import { verifyLedger } from '../../src/store/verify.ts';
import { collect, SessionWriter, started } from '../store/session-writer.ts';
import { type Ground, ground, openLedger } from './ground.ts';

const program = fileURLToPath(new URL('./owner-process.ts', import.meta.url));

/** A minute from now, when the lease of a process that says nothing has ended. */
const later: Clock = { now: () => Date.now() + 60_000 };

interface Owner {
  readonly session: string;
  readonly child: ChildProcessByStdio<null, Readable, null>;
  /** What it says next. */
  next(): Promise<string>;
}

async function startOwner({ ledger, keys }: Ground): Promise<Owner> {
  const child = spawn(
    process.execPath,
    ['--conditions=@aegis/source', '--disable-warning=ExperimentalWarning', program, ledger, keys],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  return { session: (await next()).replace('session ', ''), child, next };
}

async function kill({ child }: Owner): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function portsOf(ledger: SealedLedger): SessionPorts {
  return { clock: later, ids: createIds(later), store: ledger, sha256, utf8 };
}

/** Takes over what processes that are gone have left, as a gateway does at its start. */
async function takeOver(ledger: SealedLedger): Promise<readonly Unrecovered[]> {
  let unrecovered: readonly Unrecovered[] = [];
  await ledger.lease.recoverWith(async (places) => {
    unrecovered = await recoverSessions(portsOf(ledger), places);
    return unrecovered.map(({ place }) => place);
  });
  return unrecovered;
}

/** The outcome of each call of a session, in the order of the events. */
async function outcomes(ledger: Pick<SealedLedger, 'session'>, session: string): Promise<readonly string[]> {
  const entries = await collect(ledger.session('acme', session));
  return entries.flatMap(({ body }) => {
    const { event_type: type, payload } = JSON.parse(body);
    return type === 'TOOL_RESULT' ? [`${payload.call_id} ${payload.outcome}`] : [];
  });
}

async function verified({ ledger }: Ground) {
  const view = openSqliteView(ledger);
  try {
    return await verifyLedger(view);
  } finally {
    await view.close();
  }
}

describe('sessions of a process that was killed', () => {
  it('get the outcome `unknown` for what was allowed, and nothing else', async () => {
    const place = ground();
    const owner = await startOwner(place);
    await owner.next();
    await kill(owner);
    const ledger = await openLedger(place, { clock: later });
    expect(await outcomes(ledger, owner.session)).toEqual(['done executed']);
    expect(await takeOver(ledger)).toEqual([]);
    expect(await outcomes(ledger, owner.session)).toEqual(['done executed', 'open unknown']);
    const { snapshot } = await Session.reopen(
      { tenant: 'acme', session: owner.session },
      new ContentTurns(),
      portsOf(ledger),
    );
    expect(snapshot).toMatchObject({ terminated: false, toolCalls: 2, user: 'bot' });
    expect([...snapshot.openCalls.keys()]).toEqual(['undecided']);
    await ledger.close();
    expect(await verified(place)).toMatchObject({ findingCount: 0 });
  });

  it('can be gone on with', async () => {
    const place = ground();
    const owner = await startOwner(place);
    await kill(owner);
    const ledger = await openLedger(place, { clock: later });
    await takeOver(ledger);
    const session = await Session.reopen(
      { tenant: 'acme', session: owner.session },
      new ContentTurns(),
      portsOf(ledger),
    );
    await session.record([{ type: 'TERMINATION', payload: { cause: 'tidied up' } }]);
    await ledger.close();
    expect(await verified(place)).toMatchObject({ findingCount: 0 });
  });

  it('get it once, however many processes look', async () => {
    const place = ground();
    const owners = await Promise.all([startOwner(place), startOwner(place)]);
    for (const owner of owners) await kill(owner);
    const ledgers = await Promise.all([1, 2, 3].map(() => openLedger(place, { clock: later })));
    await Promise.all(ledgers.map(takeOver));
    for (const { session } of owners) {
      expect(await outcomes(ledgers[0] as SealedLedger, session)).toEqual(['done executed', 'open unknown']);
    }
    for (const ledger of ledgers) await ledger.close();
    expect(await verified(place)).toMatchObject({ findingCount: 0 });
  });

  it('stay alone while its lease may still hold', async () => {
    const place = ground();
    const owner = await startOwner(place);
    await kill(owner);
    const ledger = await openLedger(place);
    await takeOver(ledger);
    expect(await outcomes(ledger, owner.session)).toEqual(['done executed']);
  });
});

describe('sessions of a process that lives', () => {
  it('are its own, while it renews its lease', async () => {
    const place = ground();
    const owner = await startOwner(place);
    const ledger = await openLedger(place);
    await takeOver(ledger);
    for (let i = 0; i < 3; i++) expect(await owner.next()).toBe('recorded');
    expect(await outcomes(ledger, owner.session)).toEqual(['done executed']);
  });

  it('that stood still cannot be written to by it, once they were taken over', {
    timeout: 30_000,
  }, async () => {
    const place = ground();
    const owner = await startOwner(place);
    await owner.next();
    owner.child.kill('SIGSTOP');
    const ledger = await openLedger(place, { clock: later });
    await takeOver(ledger);
    const before = (await collect(ledger.session('acme', owner.session))).length;
    owner.child.kill('SIGCONT');
    for (let said = await owner.next(); said !== 'refused STORE_UNAVAILABLE'; said = await owner.next()) {
      // What it had said before it stood still.
      expect(said).toBe('recorded');
    }
    for (let i = 0; i < 3; i++) expect(await owner.next()).toBe('refused STORE_UNAVAILABLE');
    expect(await collect(ledger.session('acme', owner.session))).toHaveLength(before);
    await ledger.close();
    await kill(owner);
    expect(await verified(place)).toMatchObject({ findingCount: 0 });
  });
});

describe('a session that does not read back', () => {
  it('is left as it is, named, and tried again', async () => {
    const place = ground();
    const store = openSqliteStore(place.ledger);
    const writer = new SessionWriter('ses_1');
    await store.append(writer.seal(started));
    await store.leases.renew(1, 2);
    await store.close();
    const ledger = await openLedger(place, { clock: later });
    const places: SessionPlace[] = [{ tenant: 'acme', session: 'ses_1' }];
    const ports = portsOf(ledger);
    const forged: SessionPorts = {
      ...ports,
      store: {
        ...ledger,
        async *session(tenant, session) {
          for await (const entry of ledger.session(tenant, session)) yield { ...entry, hash: 'f'.repeat(64) };
        },
      },
    };
    expect(await recoverSessions(forged, places)).toEqual([
      { place: places[0], why: 'session `ses_1` does not read back as it was sealed' },
    ]);
    expect(await recoverSessions(ports, places)).toEqual([]);
  });
});

describe('the keeper of the lease', () => {
  /** Leases that say what was asked of them. */
  class Said implements Pick<LeaseStore, 'renew' | 'release' | 'takeOver'> {
    readonly said: string[] = [];
    places: SessionPlace[] = [];
    failing = false;
    async renew(nowMs: number, untilMs: number): Promise<void> {
      if (this.failing) throw new Error('the disk is gone');
      this.said.push(`renew ${untilMs - nowMs}`);
    }
    async release(): Promise<void> {
      this.said.push('release');
    }
    async takeOver(): Promise<readonly SessionPlace[]> {
      this.said.push('take over');
      return this.places.splice(0);
    }
  }

  class SetClock implements Clock {
    value = 1_000_000;
    now(): number {
      return this.value;
    }
  }

  async function keeper(leaseMs: number) {
    const [leases, clock] = [new Said(), new SetClock()];
    const kept = new LeaseKeeper({ leases, clock, leaseMs });
    onTestFinished(() => kept.close());
    await kept.start();
    return { leases, clock, kept };
  }

  it('renews it before it ends, reports when it cannot, and gives it back', async () => {
    const { leases, kept } = await keeper(40);
    await expect.poll(() => leases.said.length).toBeGreaterThan(3);
    expect(new Set(leases.said)).toEqual(new Set(['renew 40']));
    leases.failing = true;
    await expect.poll(() => kept.problem()).toBe('the disk is gone');
    leases.failing = false;
    await expect.poll(() => kept.problem()).toBeUndefined();
    await kept.close();
    expect(leases.said.at(-1)).toBe('release');
    const said = leases.said.length;
    await setTimeout(60);
    expect(leases.said).toHaveLength(said);
  });

  it('tries again with what could not be recovered', async () => {
    const { leases, clock, kept } = await keeper(40);
    const place = { tenant: 'acme', session: 'ses_1' };
    leases.places = [place];
    const seen: (readonly SessionPlace[])[] = [];
    await kept.recoverWith(async (places) => {
      seen.push(places);
      return seen.length < 3 ? places : [];
    });
    expect(seen).toEqual([[place]]);
    for (let i = 0; i < 60 && seen.length < 3; i++) {
      clock.value += 10;
      await setTimeout(12);
    }
    expect(seen).toEqual([[place], [place], [place]]);
  });

  it('takes nothing over right after the machine has slept, when others only look dead', async () => {
    const { leases, clock, kept } = await keeper(40);
    await kept.recoverWith(() => Promise.resolve([]));
    const looks = () => leases.said.filter((word) => word === 'take over').length;
    expect(looks()).toBe(1);
    clock.value += 3_600_000;
    const renewed = leases.said.length;
    await expect.poll(() => leases.said.length).toBeGreaterThan(renewed + 2);
    expect(looks()).toBe(1);
    // Who has not renewed by then is gone.
    for (let i = 0; i < 60 && looks() < 2; i++) {
      clock.value += 10;
      await setTimeout(12);
    }
    expect(looks()).toBe(2);
  });
});
