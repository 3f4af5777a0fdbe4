import { setImmediate as breath } from 'node:timers/promises';
import {
  type Approval,
  ApprovalBook,
  Clearances,
  bindingText,
  type Envelope,
  type EventType,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  MAX_GRANT_MS,
  parseExact,
  positionSince,
  type ApprovalQuestion,
  readGranted,
  readQuestion,
  type Sha256,
  splitSealed,
} from '@aegis/core';
import type { Clock, EventStore, StoredEntry } from '../ports.ts';

/** What the follower reads, and how it knows that it was not made by another. */
export interface FollowerPorts {
  readonly store: Pick<EventStore, 'entries' | 'ofTypes' | 'blob'>;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly mac: (text: string) => string;
}

/** Clocks of machines that share a ledger may differ by so much, in milliseconds. */
const CLOCK_SLACK_MS = 60 * 60 * 1000;

/** Nothing that can still count is older: no grant lives longer, and no question does. */
const REACH_MS = MAX_GRANT_MS + CLOCK_SLACK_MS;

const SALT_BYTES = 32;

const FOLLOWED = [
  'APPROVAL_REQUESTED',
  'APPROVAL_VOTED',
  'APPROVAL_USED',
  'GRANT_MADE',
  'GRANT_REVOKED',
  'DATA_DECLASSIFIED',
] as const satisfies readonly EventType[];

/** Follows the log for what people were asked and said, in every process and every tenant. */
export class ApprovalFollower {
  readonly book: ApprovalBook;
  /** What people vouched for in sessions. */
  readonly clearances: Clearances;
  readonly #ports: FollowerPorts;
  /** Position of the newest entry that was read; undefined before anything was. */
  #read: number | undefined;
  #reading: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(ports: FollowerPorts) {
    this.#ports = ports;
    this.book = new ApprovalBook(ports.mac);
    this.clearances = new Clearances(ports.mac);
  }

  /** Takes everything that was committed before it was called. Rejects with `STORE_UNAVAILABLE`. */
  refresh(): Promise<void> {
    // A reading that goes on already may have passed the place of what was just written.
    if (this.#next !== undefined) return this.#next;
    if (this.#reading === undefined) return this.#begin();
    this.#next = this.#reading.then(
      () => this.#begin(),
      () => this.#begin(),
    );
    return this.#next;
  }

  /**
   * What is asked, as it was sealed; undefined when it was erased.
   *
   * SECURITY: also when it is not what the approval is bound to: a person is shown what would run.
   */
  async question(approval: Approval): Promise<ApprovalQuestion | undefined> {
    const entry = await this.#entryAt(approval.position);
    const envelope = entry && this.#envelopeOf(entry);
    if (envelope === undefined) return undefined;
    const question = readQuestion(await this.#sealed(envelope, approval.position, '/question'));
    if (question === undefined || question.agent !== approval.agent || question.user !== approval.user) {
      return undefined;
    }
    return this.#ports.mac(bindingText(approval, question)) === approval.binding ? question : undefined;
  }

  /** The arguments that a person gave in place of others, with the vote at a position. */
  async edited(position: number): Promise<JsonObject | undefined> {
    const entry = await this.#entryAt(position);
    const envelope = entry && this.#envelopeOf(entry);
    const args = envelope && (await this.#sealed(envelope, position, '/args'));
    return isJsonObject(args) ? args : undefined;
  }

  #begin(): Promise<void> {
    this.#next = undefined;
    this.#reading = this.#readOn().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readOn(): Promise<void> {
    this.#read ??= await this.#start();
    for (;;) {
      const { entries, through, isLast } = await this.#ports.store.ofTypes(FOLLOWED, this.#read);
      for (const entry of entries) {
        await this.#take(entry);
        this.#read = entry.position;
      }
      this.#read = through;
      // What others have written since is for the next time: they may go on and on.
      if (isLast) return;
      await breath();
    }
  }

  async #take(entry: StoredEntry): Promise<void> {
    const { position } = entry;
    const envelope = this.#envelopeOf(entry);
    if (envelope === undefined) return;
    switch (envelope.event_type) {
      case 'APPROVAL_VOTED': {
        if (envelope.payload['edited'] !== true) return this.book.take({ envelope, position });
        const edited = await this.#sealed(envelope, position, '/args');
        return this.book.take({ envelope, position, edited: isJsonObject(edited) ? edited : undefined });
      }
      case 'GRANT_MADE': {
        const granted = readGranted(await this.#sealed(envelope, position, '/args'));
        return this.book.take({ envelope, position, granted });
      }
      case 'DATA_DECLASSIFIED': {
        if (envelope.payload['session'] === undefined) return;
        const value = await this.#sealed(envelope, position, '/value');
        return this.clearances.take(envelope, value);
      }
      default:
        return this.book.take({ envelope, position });
    }
  }

  /** Undefined for an entry that does not have the hash, or the place, that it says. */
  #envelopeOf({ body, hash, tenant, session }: StoredEntry): Envelope | undefined {
    if (this.#ports.sha256(body) !== hash) return undefined;
    const parsed = parseExact(body);
    if (!parsed.ok) return undefined;
    const envelope = parsed.value as unknown as Envelope;
    return envelope.tenant_id === tenant && envelope.session_id === session ? envelope : undefined;
  }

  async #sealed({ payload }: Envelope, position: number, at: string): Promise<JsonValue | undefined> {
    const commitment = splitSealed(payload)?.commitments.find((one) => one.at === at);
    if (commitment === undefined) return undefined;
    const bytes = await this.#ports.store.blob(commitment.h, position).catch(() => undefined);
    if (bytes === undefined || this.#ports.sha256(bytes) !== commitment.h) return undefined;
    const parsed = parseExact(new TextDecoder().decode(bytes.subarray(SALT_BYTES)));
    return parsed.ok ? parsed.value : undefined;
  }

  async #entryAt(position: number): Promise<StoredEntry | undefined> {
    const entry = await this.#first(position - 1);
    return entry?.position === position ? entry : undefined;
  }

  async #first(after: number): Promise<StoredEntry | undefined> {
    for await (const entry of this.#ports.store.entries({ after, limit: 1 })) return entry;
    return undefined;
  }

  /** The position after which everything stands that can still count. */
  #start(): Promise<number> {
    return positionSince(async (after) => {
      const entry = await this.#first(after);
      return entry && timeOf(entry);
    }, this.#ports.clock.now() - REACH_MS);
  }
}

function timeOf({ body }: StoredEntry): number {
  const parsed = parseExact(body);
  const at = parsed.ok && isJsonObject(parsed.value) ? parsed.value['ts_unix_ms'] : undefined;
  return typeof at === 'number' ? at : Number.POSITIVE_INFINITY;
}
