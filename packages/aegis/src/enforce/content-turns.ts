/** `shared`: may change content, beside others that may. `alone`: relies on content staying as it is. */
export type Turn = 'shared' | 'alone';

interface Server {
  readonly waiting: { readonly turn: Turn; readonly go: () => void }[];
  shared: number;
  alone: boolean;
}

/**
 * Who may act on the contents of a server now, over all sessions of this process, in order of arrival.
 *
 * SECURITY: between the last reading of a content and the end of the action that relies on it, no other
 * action of ours can change it.
 */
export class ContentTurns {
  readonly #servers = new Map<string, Server>();

  /** Waits for a turn on each of the servers; gives back how to end them all, which may be called twice. */
  async take(turns: ReadonlyMap<string, Turn>): Promise<() => void> {
    const taken: (() => void)[] = [];
    // In the same order for everybody, so that nobody waits for one who waits for him.
    for (const [name, turn] of [...turns].sort(([a], [b]) => (a < b ? -1 : 1))) {
      taken.push(await this.#take(name, turn));
    }
    return () => {
      for (const leave of taken.splice(0)) leave();
    };
  }

  async #take(name: string, turn: Turn): Promise<() => void> {
    const server = this.#servers.get(name) ?? { waiting: [], shared: 0, alone: false };
    this.#servers.set(name, server);
    await new Promise<void>((go) => {
      server.waiting.push({ turn, go });
      admit(server);
    });
    return () => {
      if (turn === 'alone') server.alone = false;
      else server.shared--;
      admit(server);
      if (!server.alone && server.shared === 0 && this.#servers.get(name) === server) {
        this.#servers.delete(name);
      }
    };
  }
}

function admit(server: Server): void {
  for (;;) {
    const [next] = server.waiting;
    if (next === undefined || server.alone || (next.turn === 'alone' && server.shared > 0)) return;
    server.waiting.shift();
    if (next.turn === 'alone') server.alone = true;
    else server.shared++;
    next.go();
  }
}
