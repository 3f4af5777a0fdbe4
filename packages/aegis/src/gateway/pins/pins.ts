import type { DefinitionFact, JsonObject, PinnedKind, Resource } from '@aegis/core';
import type { PinLedger } from '../../enforce/door.ts';
import type { Clock } from '../../ports.ts';
import { Allowance } from './allowance.ts';
import { factOf, type FirstSight, keyOf, type KnownPin, knownOf, type OfferedDefinition } from './compare.ts';
import { dueOf, listKey, type Standing } from './due.ts';
import { fingerprintOf } from './fingerprint.ts';
import { Rooms } from './rooms.ts';
import type { Suspicion } from './suspect.ts';

export interface PinsOptions {
  readonly ledger: PinLedger;
  readonly clock: Clock;
  readonly firstSight: FirstSight;
  /** What speaks against trusting a definition that was never seen; absent: nothing does. */
  readonly suspicion?: Suspicion;
  /** Whether what was not accepted is shown all the same. */
  readonly shadow: () => boolean;
}

/** How soon a process notices what a person accepted in another, in milliseconds. */
const POLL_MS = 500;

/** The most names of one server that are pinned or wait; what comes beyond stays unaccepted. */
const MAX_NAMES = 5_000;

/** What could not be recorded is tried again after this long, in milliseconds. */
const RETRY_MS = 5_000;

/** Another process can be first this often before a comparison is put off to the next poll. */
const MAX_ATTEMPTS = 3;

/** The name under which a server's instructions are pinned: there is one text of each. */
const INSTRUCTIONS = 'instructions';

function instructionsDefinition(instructions: string): JsonObject {
  return { instructions };
}

/**
 * What the servers of this process offer, held against what is pinned.
 *
 * INVARIANT: what is in force is what the ledger says. Nothing is accepted on the ground of what this
 * process has seen or written itself.
 */
export class Pins {
  readonly #options: PinsOptions;
  readonly #allowance: Allowance;
  readonly #pins = new Map<string, KnownPin>();
  readonly #names = new Map<string, number>();
  readonly #offered = new Map<string, OfferedDefinition>();
  /** The lists that were read: what is missing from them is gone. */
  readonly #lists = new Set<string>();
  /** Keys that were not offered before, until their list has been compared: who reads it tells of them. */
  readonly #fresh = new Set<string>();
  /** What was offered and what was in force when this process last had its say about a definition. */
  readonly #judged = new Map<string, string>();
  readonly #listeners = new Set<(kinds: readonly PinnedKind[]) => void>();
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #polling = false;
  #problem: string | undefined;
  /** When something could not be recorded, Unix milliseconds; undefined when nothing is left. */
  #putOffAtMs: number | undefined;

  constructor(options: PinsOptions) {
    this.#options = options;
    this.#allowance = new Allowance(options.clock);
  }

  /**
   * Takes a list that was just read from a server, in its order, each name with its first definition.
   * Resolves when it has been compared and what is to be recorded of it is durable, or cannot be: then it
   * is tried again, and stays unaccepted. Never rejects.
   */
  observe(server: string, kind: PinnedKind, definitions: ReadonlyMap<string, JsonObject>): Promise<void> {
    const before = new Set<string>();
    for (const [key, offered] of this.#offered) {
      if (offered.server !== server || offered.kind !== kind) continue;
      before.add(key);
      this.#offered.delete(key);
    }
    const fresh: string[] = [];
    for (const [name, definition] of definitions) {
      const fingerprint = fingerprintOf(definition);
      const offered = {
        server,
        kind,
        name,
        definition,
        fingerprint: fingerprint?.digest,
        bytes: fingerprint?.chars ?? 0,
      };
      const key = keyOf(offered);
      this.#offered.set(key, offered);
      if (before.has(key)) continue;
      this.#fresh.add(key);
      fresh.push(key);
    }
    this.#lists.add(listKey({ server, kind }));
    this.#timer ??= setInterval(() => this.#poll(), POLL_MS).unref();
    return this.#inTurn(() => this.#settle()).finally(() => {
      for (const key of fresh) this.#fresh.delete(key);
    });
  }

  /** What is known of the definition that is offered now; undefined for what is not pinned. */
  fact({ server, kind, name }: Resource): DefinitionFact | undefined {
    if (kind !== 'tool' && kind !== 'prompt') return undefined;
    const key = keyOf({ server, kind, name });
    const offered = this.#offered.get(key);
    return offered === undefined ? 'new' : factOf(offered.fingerprint, this.#pins.get(key));
  }

  /** Fingerprint of the definition in force; undefined for what is not pinned. */
  fingerprint({ server, kind, name }: Resource): string | undefined {
    if (kind !== 'tool' && kind !== 'prompt') return undefined;
    return this.#pins.get(keyOf({ server, kind, name }))?.pinned?.fingerprint;
  }

  /** Whether a definition with this fingerprint may be shown to a client. */
  shows({ server, kind, name }: Resource, fingerprint: string | undefined): boolean {
    if (kind !== 'tool' && kind !== 'prompt') return true;
    return this.#accepts({ server, kind, name }, fingerprint);
  }

  /** Whether what a server says of itself may be told to a client. */
  tells(server: string, instructions: string): boolean {
    const fingerprint = fingerprintOf(instructionsDefinition(instructions));
    return this.#accepts({ server, kind: 'instructions', name: INSTRUCTIONS }, fingerprint?.digest);
  }

  /** Takes what a server says of itself, as `observe` takes a list; undefined when it says nothing. Never rejects. */
  hear(server: string, instructions: string | undefined): Promise<void> {
    const said =
      instructions === undefined ? [] : [[INSTRUCTIONS, instructionsDefinition(instructions)] as const];
    return this.observe(server, 'instructions', new Map(said));
  }

  /** `listener` hears when what may be shown changed without any server having changed. Returns how to stop. */
  onChange(listener: (kinds: readonly PinnedKind[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Why definitions could not be compared or recorded lately; undefined when they could. */
  problem(): string | undefined {
    return this.#problem;
  }

  /** Takes no more notice of the ledger; resolves when what is under way is written. */
  close(): Promise<void> {
    clearInterval(this.#timer);
    this.#listeners.clear();
    return this.#turn;
  }

  #accepts(of: Pick<KnownPin, 'server' | 'kind' | 'name'>, fingerprint: string | undefined): boolean {
    return this.#options.shadow() || factOf(fingerprint, this.#pins.get(keyOf(of))) === 'pinned';
  }

  #poll(): void {
    if (this.#polling) return;
    this.#polling = true;
    void this.#inTurn(async () => {
      const putOff = this.#putOffAtMs;
      // The wall clock can be set back.
      const due = putOff !== undefined && Math.abs(this.#options.clock.now() - putOff) >= RETRY_MS;
      if ((await this.#catchUp()) || due) await this.#settle();
    }).finally(() => {
      this.#polling = false;
    });
  }

  /** One after the other: two comparisons at the same time would record the same twice. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(() => this.#attempt(work));
    return this.#turn;
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#problem = undefined;
    } catch (error) {
      // Nothing new is accepted until the ledger can be read and written again.
      this.#problem = error instanceof Error ? error.message : 'unknown problem';
      this.#putOff();
    }
  }

  #putOff(): void {
    this.#putOffAtMs = this.#options.clock.now();
  }

  async #settle(): Promise<void> {
    for (let failures = 0; ; ) {
      await this.#catchUp();
      const { due, putOff } = dueOf(this.#standing(), this.#rooms());
      if (putOff) this.#putOff();
      else this.#putOffAtMs = undefined;
      const [first, ...others] = due.flatMap(({ draft }) => draft ?? []);
      try {
        if (first !== undefined) await this.#options.ledger.record([first, ...others]);
      } catch (error) {
        if (++failures === MAX_ATTEMPTS) throw error;
        continue;
      }
      for (const { key, server, pair, share } of due) {
        this.#judged.set(key, pair);
        this.#allowance.use(server, share);
      }
      if (first === undefined) return;
    }
  }

  #standing(): Standing {
    return {
      offered: this.#offered,
      pins: this.#pins,
      lists: this.#lists,
      judged: this.#judged,
      firstSight: this.#options.firstSight,
      suspicion: this.#options.suspicion ?? (() => []),
    };
  }

  #rooms(): Rooms {
    return new Rooms((server) => ({
      ...this.#allowance.left(server),
      names: MAX_NAMES - (this.#names.get(server) ?? 0),
    }));
  }

  /** Reads what the ledger has new, and says whether there was anything. */
  async #catchUp(): Promise<boolean> {
    const changes = await this.#options.ledger.changes();
    const kinds = new Set<PinnedKind>();
    for (const pin of changes) {
      const key = keyOf(pin);
      const before = this.#pins.get(key);
      this.#pins.set(key, knownOf(pin));
      if (before === undefined) this.#names.set(pin.server, (this.#names.get(pin.server) ?? 0) + 1);
      const moved = before?.pinned?.fingerprint !== pin.pinned?.fingerprint || before?.broken !== pin.broken;
      if (moved && this.#offered.has(key) && !this.#fresh.has(key)) kinds.add(pin.kind);
    }
    if (kinds.size > 0) for (const listener of this.#listeners) listener([...kinds]);
    return changes.length > 0;
  }
}
