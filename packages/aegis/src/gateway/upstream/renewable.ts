import type { JsonObject } from '@aegis/core';
import type { UpstreamLimits, UpstreamReply } from '../../ports.ts';
import { Listeners } from './listeners.ts';
import {
  type Conversation,
  LIST_KINDS,
  type ListKind,
  type Notice,
  type ServerDescription,
  type StrayCounts,
  type UpstreamLink,
  type UpstreamServer,
} from './server.ts';

/** A subscription is taken over as it was; nobody waits for it. */
const LIMITS: UpstreamLimits = { timeoutMs: 15_000, maxOutputBytes: 64 * 1024 };

/** One life of a server: what it was begun with holds until nobody uses it any more. */
interface Life {
  readonly server: UpstreamServer;
  /** Requests under way, and links of client sessions. */
  uses: number;
  over: boolean;
}

/**
 * A server that can be begun anew because its credentials have changed: new requests go to the new one, those
 * under way and the client sessions that hold a link end with the old one.
 */
export class RenewableUpstream implements UpstreamServer {
  readonly name: string;
  readonly isolated: boolean;
  readonly #make: () => UpstreamServer;
  readonly #changes = new Listeners<ListKind>();
  readonly #updates = new Listeners<string>();
  readonly #notices = new Listeners<Notice>();
  readonly #followed = new Map<string, number>();
  readonly #lives = new Set<Life>();
  #life: Life;
  #described: ServerDescription | undefined;
  #closed = false;

  constructor(make: () => UpstreamServer) {
    this.#make = make;
    this.#life = this.#begin();
    this.name = this.#life.server.name;
    this.isolated = this.#life.server.isolated;
  }

  get stray(): Readonly<StrayCounts> {
    return this.#life.server.stray;
  }

  get description(): ServerDescription | undefined {
    // What the life before said holds until the new one has said something.
    return this.#life.server.description ?? this.#described;
  }

  /** Begins the server anew; its credentials are read when it is started. */
  renew(): void {
    // A look at the vault can end after everything else: nothing may be begun that nobody would end.
    if (this.#closed) return;
    const before = this.#life;
    this.#described = this.description;
    this.#life = this.#begin();
    before.over = true;
    this.#settle(before);
    for (const uri of this.#followed.keys()) this.#life.server.follow(uri, LIMITS).catch(() => {});
    // What the new life lists may differ; that it does not start is found out in the same way.
    const tell = (): void => {
      for (const kind of LIST_KINDS) this.#changes.tell(kind);
    };
    this.start().then(tell, tell);
  }

  start(): Promise<ServerDescription> {
    return this.#using((server) => server.start());
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation?: Conversation,
  ): Promise<UpstreamReply> {
    return this.#using((server) => server.request(method, params, limits, conversation));
  }

  async follow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    const reply = await this.#using((server) => server.follow(uri, limits));
    if (reply.kind === 'result') this.#followed.set(uri, (this.#followed.get(uri) ?? 0) + 1);
    return reply;
  }

  unfollow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    const count = (this.#followed.get(uri) ?? 1) - 1;
    if (count > 0) this.#followed.set(uri, count);
    else this.#followed.delete(uri);
    return this.#using((server) => server.unfollow(uri, limits));
  }

  onUpdated(listener: (uri: string) => void): () => void {
    return this.#updates.add(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    return this.#notices.add(listener);
  }

  tell(method: 'notifications/roots/list_changed'): void {
    this.#life.server.tell(method);
  }

  open(capabilities: JsonObject): UpstreamLink {
    const life = this.#life;
    const link = life.server.open(capabilities);
    life.uses++;
    let open = true;
    return {
      request: (...asked) => link.request(...asked),
      follow: (...asked) => link.follow(...asked),
      unfollow: (...asked) => link.unfollow(...asked),
      onUpdated: (listener) => link.onUpdated(listener),
      onNotice: (listener) => link.onNotice(listener),
      tell: (method) => link.tell(method),
      close: async () => {
        const leaves = open;
        open = false;
        try {
          await link.close();
        } finally {
          if (leaves) this.#leave(life);
        }
      },
    };
  }

  list(kind: ListKind): Promise<readonly JsonObject[]> {
    return this.#using((server) => server.list(kind));
  }

  onListChanged(listener: (kind: ListKind) => void): void {
    this.#changes.add(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#lives].map(({ server }) => server.close()));
  }

  #begin(): Life {
    const life: Life = { server: this.#make(), uses: 0, over: false };
    this.#lives.add(life);
    const ours = (): boolean => this.#life === life;
    life.server.onListChanged((kind) => void (ours() && this.#changes.tell(kind)));
    life.server.onUpdated((uri) => void this.#updates.tell(uri));
    life.server.onNotice((notice) => void this.#notices.tell(notice));
    return life;
  }

  async #using<T>(work: (server: UpstreamServer) => Promise<T>): Promise<T> {
    const life = this.#life;
    life.uses++;
    try {
      return await work(life.server);
    } finally {
      this.#leave(life);
    }
  }

  #leave(life: Life): void {
    life.uses--;
    this.#settle(life);
  }

  #settle(life: Life): void {
    if (!life.over || life.uses > 0) return;
    const gone = (): boolean => this.#lives.delete(life);
    void life.server.close().then(gone, gone);
  }
}
