import { setTimeout as sleep } from 'node:timers/promises';
import { AegisError, codeOf } from '@aegis/core';
import type { Client } from 'pg';
import { reasonOf } from './failure.ts';

/** Waits between two attempts to connect again, in milliseconds: the first, and the longest. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

interface Outage {
  reason: string;
  /** When the next attempt is made, on the clock of `performance.now()`. */
  retryAt: number;
  /** Resolves when the server is back, or nobody waits for it any more. */
  readonly over: Promise<void>;
}

/**
 * The one connection that writes. When it breaks, it is made anew with longer and longer waits between the
 * attempts, for as long as the store is open.
 */
export class PostgresLink {
  readonly #connect: () => Promise<Client>;
  #client: Client | undefined;
  #outage: Outage | undefined;
  readonly #closing = new AbortController();

  constructor(client: Client, connect: () => Promise<Client>) {
    this.#connect = connect;
    this.#take(client);
  }

  /** Why nothing can be written at this moment, and when that is tried again; undefined while all is well. */
  refusal(): AegisError | undefined {
    const outage = this.#outage;
    if (outage === undefined) return undefined;
    return new AegisError('STORE_UNAVAILABLE', `the server of the ledger is gone: ${outage.reason}`, {
      retryAfterMs: Math.max(1, Math.ceil(outage.retryAt - performance.now())),
    });
  }

  /** The connection, waited for at most `patienceMs`. Throws `STORE_UNAVAILABLE` when there is none by then. */
  async client(patienceMs: number): Promise<Client> {
    if (this.#outage !== undefined && patienceMs > 0) {
      const late = new AbortController();
      await Promise.race([
        this.#outage.over,
        sleep(patienceMs, undefined, { signal: late.signal, ref: false }).catch(() => {}),
      ]);
      late.abort();
    }
    if (this.#client !== undefined) return this.#client;
    throw this.refusal() ?? new AegisError('STORE_UNAVAILABLE', 'the ledger is closed');
  }

  /** Says that a connection is of no more use. */
  lost(client: Client, error: unknown): void {
    if (client !== this.#client) return;
    this.#client = undefined;
    // What is still under way on it must not be answered any more.
    void client.end().catch(() => {});
    let over = (): void => {};
    const outage: Outage = {
      reason: reasonOf(error),
      retryAt: performance.now(),
      over: new Promise((resolve) => {
        over = resolve;
      }),
    };
    this.#outage = outage;
    void this.#restore(outage).then(over);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const client = this.#client;
    this.#client = undefined;
    await client?.end();
  }

  #take(client: Client): void {
    this.#client = client;
    this.#outage = undefined;
    client.once('error', (error: unknown) => this.lost(client, error));
    client.once('end', () => this.lost(client, new Error('ended')));
  }

  async #restore(outage: Outage): Promise<void> {
    const { signal } = this.#closing;
    for (let wait = FIRST_WAIT_MS; !signal.aborted; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        const client = await this.#connect();
        if (signal.aborted) await client.end();
        else this.#take(client);
        return;
      } catch (error) {
        outage.reason = codeOf(error) === undefined ? reasonOf(error) : (error as Error).message;
      }
      // Processes that lost the server together do not come back together.
      const ms = wait * (0.5 + Math.random() / 2);
      outage.retryAt = performance.now() + ms;
      await sleep(ms, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}
