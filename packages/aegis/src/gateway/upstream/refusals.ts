import type { Caller, Kernel } from '../../enforce/door.ts';

export interface RefusalLimits {
  /** Requests of one server that are recorded one by one within a window. */
  readonly maxRecorded: number;
  readonly windowMs: number;
}

const LIMITS: RefusalLimits = { maxRecorded: 128, windowMs: 3_600_000 };

interface Window {
  recorded: number;
  /** What came after the last one that was recorded by itself. */
  beyond: number;
  readonly end: NodeJS.Timeout;
}

/**
 * Records what servers ask where nobody can be asked: on a line that clients share, or outside of any
 * request. Each is one denied access, in a session of Aegis itself whose agent is the server.
 *
 * SECURITY: a server that asks and asks cannot fill the ledger: within a window so many are recorded, and of
 * the rest, when the window ends, how many they were.
 */
export class UpstreamRefusals {
  readonly #record: Kernel['refuse'];
  readonly #limits: RefusalLimits;
  readonly #windows = new Map<string, Window>();
  readonly #recording = new Set<Promise<unknown>>();
  #closed = false;

  constructor(record: Kernel['refuse'], limits: RefusalLimits = LIMITS) {
    this.#record = record;
    this.#limits = limits;
  }

  /** The server is not kept waiting: it was refused already. */
  readonly refused = (server: string, method: string): void => {
    if (this.#closed) return;
    const window = this.#windows.get(server) ?? this.#begin(server);
    if (window.recorded < this.#limits.maxRecorded) {
      window.recorded++;
      this.#keep(this.#record(callerOf(server), method, 'PROTOCOL_VIOLATION', NOBODY));
    } else window.beyond++;
  };

  /** Records what was only counted so far; resolves when that is done. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const server of [...this.#windows.keys()]) this.#end(server);
    await Promise.all(this.#recording);
  }

  #begin(server: string): Window {
    const end = setTimeout(() => this.#end(server), this.#limits.windowMs).unref();
    const window = { recorded: 0, beyond: 0, end };
    this.#windows.set(server, window);
    return window;
  }

  #end(server: string): void {
    const window = this.#windows.get(server);
    this.#windows.delete(server);
    if (window === undefined) return;
    clearTimeout(window.end);
    if (window.beyond === 0) return;
    const message = `${window.beyond} more requests of the server were refused, and not recorded one by one`;
    this.#keep(this.#record(callerOf(server), 'requests', 'RATE_LIMITED', message));
  }

  #keep(recording: Promise<unknown>): void {
    this.#recording.add(recording);
    void recording.finally(() => this.#recording.delete(recording));
  }
}

const NOBODY = 'a server asked where no client can be asked';

function callerOf(server: string): Caller {
  return { tenant: 'aegis', agent: server, user: server, door: 'aegis' };
}
