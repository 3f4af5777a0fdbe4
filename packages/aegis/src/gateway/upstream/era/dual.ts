import type { JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../ports.ts';
import { DualLink, type DualServer } from './link.ts';
import type { EraSearch } from './search.ts';
import { Listeners } from '../listeners.ts';
import { HEADER_MISMATCH, UNSUPPORTED_VERSION } from '../modern/reply.ts';
import {
  type Conversation,
  LIST_KINDS,
  type ListKind,
  type Notice,
  type ServerDescription,
  type StrayCounts,
  type UpstreamLink,
  type UpstreamServer,
} from '../server.ts';

const NO_STRAY: Readonly<StrayCounts> = { garbage: 0, late: 0, refused: 0, unheard: 0 };

/**
 * A server of which it is not known how it is spoken to until it has been asked. What was found is kept
 * while it holds: once the server cannot be started so any more, it is asked again.
 */
export class DualUpstream implements UpstreamServer, DualServer {
  readonly name: string;
  readonly isolated: boolean;
  readonly #search: EraSearch;
  readonly #changes = new Listeners<ListKind>();
  readonly #shared: DualLink;
  readonly #links = new Set<DualLink>();
  #found: UpstreamServer | undefined;
  /** Something did not come that should have come: it has to be started again, as it was found. */
  #doubted = false;
  /** It speaks as only a server of the other era does. */
  #refuted = false;
  #finding: Promise<UpstreamServer> | undefined;
  #closed = false;

  constructor(name: string, isolated: boolean, search: EraSearch) {
    this.name = name;
    this.isolated = isolated;
    this.#search = search;
    search.onTried((server) => server.onListChanged((kind) => void this.#changes.tell(kind)));
    this.#shared = new DualLink(this, (server) => server);
  }

  get stray(): Readonly<StrayCounts> {
    return this.#found?.stray ?? NO_STRAY;
  }

  get description(): ServerDescription | undefined {
    return this.#found?.description;
  }

  get found(): UpstreamServer | undefined {
    return this.#doubted || this.#refuted ? undefined : this.#found;
  }

  async start(): Promise<ServerDescription> {
    return (await this.find()).start();
  }

  find(): Promise<UpstreamServer> {
    this.#finding ??= this.#find().finally(() => {
      this.#finding = undefined;
    });
    return this.#finding;
  }

  /** An answer that does not come, or that is about the protocol, may mean that the server is not what it was. */
  watch(answer: Promise<UpstreamReply>): Promise<UpstreamReply> {
    answer.then(this.#answered, this.#failed);
    return answer;
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation?: Conversation,
  ): Promise<UpstreamReply> {
    return this.#shared.request(method, params, limits, conversation);
  }

  follow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    return this.#shared.follow(uri, limits);
  }

  unfollow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    return this.#shared.unfollow(uri, limits);
  }

  onUpdated(listener: (uri: string) => void): () => void {
    return this.#shared.onUpdated(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    return this.#shared.onNotice(listener);
  }

  tell(method: 'notifications/roots/list_changed'): void {
    this.#shared.tell(method);
  }

  open(capabilities: JsonObject): UpstreamLink {
    const link: DualLink = new DualLink(
      this,
      (server) => server.open(capabilities),
      () => this.#links.delete(link),
    );
    this.#links.add(link);
    return link;
  }

  async list(kind: ListKind): Promise<readonly JsonObject[]> {
    const server = this.found ?? (await this.find());
    const items = server.list(kind);
    items.catch(this.#failed);
    return items;
  }

  onListChanged(listener: (kind: ListKind) => void): void {
    this.#changes.add(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#links].map((link) => link.close()));
    await this.#search.close();
    await this.#finding?.catch(() => {});
  }

  readonly #failed = (error: unknown): void => {
    const { failure } = error as Partial<UpstreamError>;
    if (failure === 'unavailable' || failure === 'protocol') this.#doubted = true;
  };

  readonly #answered = (reply: UpstreamReply): void => {
    if (reply.kind === 'error' && (reply.code === UNSUPPORTED_VERSION || reply.code === HEADER_MISMATCH)) {
      this.#refuted = true;
    }
  };

  async #find(): Promise<UpstreamServer> {
    if (this.#closed) throw this.#closing();
    const before = this.#found;
    const same = before === undefined || this.#refuted ? undefined : await this.#startedAgain(before);
    const found = same ?? (await this.#search.find());
    if (this.#closed) throw this.#closing();
    this.#found = found;
    this.#doubted = false;
    this.#refuted = false;
    if (before !== undefined && before !== found) for (const kind of LIST_KINDS) this.#changes.tell(kind);
    return found;
  }

  /** The server, when it can still be started as before; at once when it has not ended. */
  async #startedAgain(server: UpstreamServer): Promise<UpstreamServer | undefined> {
    try {
      await server.start();
      return server;
    } catch (error) {
      if (!this.#search.mayDiffer(error)) throw error;
      return undefined;
    }
  }

  #closing(): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.name}\` is closed`);
  }
}
