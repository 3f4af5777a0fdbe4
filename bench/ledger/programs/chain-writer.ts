import { randomFillSync } from 'node:crypto';
import { type ChainHead, type Entry, seal } from '@aegis/core';
import type { LedgerStore } from '../../../packages/aegis/src/ledger-ports.ts';
import { sha256, utf8 } from '../../../packages/aegis/src/platform.ts';
import { draftOf } from '../events.ts';

/** Seals events into chains, one for each writer, and appends them one by one. */
export class ChainWriter {
  /** Bytes of the envelopes so far. */
  bytes = 0;
  readonly #store: LedgerStore;
  readonly #prefix: string;
  readonly #heads = new Map<number, ChainHead>();

  constructor(store: LedgerStore, prefix: string) {
    this.#store = store;
    this.#prefix = prefix;
  }

  /** Appends so many events in one piece; the first append of a session also begins it. */
  append(writer: number, group: number): Promise<void> {
    const began = this.#heads.has(writer);
    const first = this.#seal(writer);
    const rest = Array.from({ length: began ? group - 1 : group }, () => this.#seal(writer));
    return this.#store.append({ entries: [first, ...rest] });
  }

  #seal(writer: number): Entry {
    const session = `${this.#prefix}-${writer}`;
    const before = this.#heads.get(writer);
    const seq = before?.nextSeq ?? 0;
    const entry = seal({
      draft: draftOf(session, seq),
      tenant: 'bench',
      user: 'bench',
      session,
      seq,
      prevHash: before?.hash,
      tsUnixMs: Date.now(),
      sha256,
      utf8,
      salt: () => randomFillSync(new Uint8Array(32)),
    });
    // As little as a session keeps of its newest entry.
    this.#heads.set(writer, { nextSeq: seq + 1, hash: entry.hash });
    this.bytes += entry.body.length;
    return entry;
  }
}
