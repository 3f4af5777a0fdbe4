import type { JsonObject } from '@aegis/core';
import type { Pins } from '../pins/pins.ts';
import { LIST_KINDS, type ListKind, type UpstreamServer } from '../upstream/server.ts';
import { isPinned, ownName } from './entry.ts';
import { type Offers, offersList } from './offers.ts';

/** Waits between two attempts to start a server that did not come up: doubled up to a minute. */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/** A server that says again and again that its list changed is not asked more often than this. */
const REFRESH_INTERVAL_MS = 250;

/** One upstream's place in the catalogue: brings it up, keeps its lists, and says when they changed. */
export class Member {
  readonly upstream: UpstreamServer;
  readonly #changed: (kinds: readonly ListKind[]) => void;
  readonly #pins: Pins | undefined;
  readonly #lists: Record<ListKind, readonly JsonObject[]> = {
    tools: [],
    resources: [],
    resourceTemplates: [],
    prompts: [],
  };
  readonly #stale = new Set<ListKind>();
  #problem: string | undefined = 'it has not been started';
  #timer: NodeJS.Timeout | undefined;
  #refreshing = false;
  #joined = false;
  #closed = false;

  constructor(upstream: UpstreamServer, changed: (kinds: readonly ListKind[]) => void, pins?: Pins) {
    this.upstream = upstream;
    this.#changed = changed;
    this.#pins = pins;
    upstream.onListChanged((kind) => this.#listChanged(kind));
  }

  get offers(): Offers {
    return { upstream: this.upstream, lists: this.#lists };
  }

  /** Why the server is not there, or why a list of it is not known; undefined when all is well. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Starts the server and reads its lists; tries again later when that fails. Never rejects. */
  async join(attempt = 0): Promise<void> {
    try {
      await this.upstream.start();
    } catch (error) {
      this.#problem = messageOf(error);
      if (this.#closed) return;
      const waitMs = Math.min(FIRST_RETRY_MS * 2 ** attempt, MAX_RETRY_MS);
      this.#timer = setTimeout(() => void this.join(attempt + 1), waitMs).unref();
      return;
    }
    for (const kind of LIST_KINDS) this.#stale.add(kind);
    await this.#refresh();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.upstream.close();
  }

  #listChanged(kind: ListKind): void {
    // Before the server has joined, its lists are about to be read anyway.
    if (!this.#joined || this.#closed) return;
    this.#stale.add(kind);
    if (this.#refreshing) return;
    this.#refreshing = true;
    this.#timer = setTimeout(() => void this.#refresh(), REFRESH_INTERVAL_MS).unref();
  }

  async #refresh(): Promise<void> {
    this.#refreshing = true;
    const kinds = [...this.#stale];
    this.#stale.clear();
    const readings = await Promise.all(kinds.map((kind) => this.#read(kind)));
    this.#problem = readings.find(({ problem }) => problem !== undefined)?.problem;
    // INVARIANT: a list is held against what is pinned before anybody hears of it.
    await Promise.all([this.#hear(), ...readings.map(({ kind, list }) => this.#compare(kind, list))]);
    const changed: ListKind[] = [];
    for (const { kind, list } of readings) {
      if (list === undefined || JSON.stringify(list) === JSON.stringify(this.#lists[kind])) continue;
      this.#lists[kind] = list;
      changed.push(kind);
    }
    this.#refreshing = false;
    if (this.#closed) return;
    const first = !this.#joined;
    this.#joined = true;
    if (first || changed.length > 0) this.#changed(changed);
    const [again] = this.#stale;
    if (again !== undefined) this.#listChanged(again);
  }

  /** Reads one list; when that fails, what was known stays known. */
  async #read(kind: ListKind): Promise<Reading> {
    if (!offersList(this.upstream, kind)) return { kind, list: [] };
    try {
      return { kind, list: await this.upstream.list(kind) };
    } catch (error) {
      // Many servers offer resources and answer no templates: an empty list is all there is to know.
      return kind === 'resourceTemplates' ? { kind } : { kind, problem: messageOf(error) };
    }
  }

  async #hear(): Promise<void> {
    const { name, description } = this.upstream;
    await this.#pins?.hear(name, description?.instructions);
  }

  async #compare(kind: ListKind, list: readonly JsonObject[] | undefined): Promise<void> {
    if (list === undefined || !isPinned(kind)) return;
    const definitions = new Map<string, JsonObject>();
    for (const definition of list) {
      const name = ownName(kind, definition);
      // A server that lists a name twice means the first.
      if (name !== undefined && !definitions.has(name)) definitions.set(name, definition);
    }
    await this.#pins?.observe(this.upstream.name, kind === 'tools' ? 'tool' : 'prompt', definitions);
  }
}

/** One list as it was read; without it, why not. */
interface Reading {
  readonly kind: ListKind;
  readonly list?: readonly JsonObject[];
  readonly problem?: string;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown problem';
}
