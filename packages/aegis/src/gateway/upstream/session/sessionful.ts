import type { JsonObject } from '@aegis/core';
import type { UpstreamLimits, UpstreamReply } from '../../../ports.ts';
import type { UpstreamDefinition } from '../definition.ts';
import type { Line, LineContext } from './line.ts';
import { readList } from '../list.ts';
import { Listeners } from '../listeners.ts';
import type {
  Conversation,
  ListKind,
  Notice,
  ServerDescription,
  UpstreamLink,
  UpstreamServer,
} from '../server.ts';
import { type RefusedRequest, Stray } from '../stray.ts';

/**
 * A server that keeps sessions (MCP until 2025-11-25), whatever carries them: one line that all clients
 * share, and one for each client session that must not share it.
 */
export class SessionfulServer implements UpstreamServer {
  readonly name: string;
  readonly isolated: boolean;
  readonly stray: Stray;
  readonly #openLine: (context: LineContext) => Line;
  readonly #changes = new Listeners<ListKind>();
  readonly #shared: Line;
  readonly #links = new Set<Line>();
  #closed = false;

  constructor(
    { name, isolated = false, asks = {} }: UpstreamDefinition,
    refused: RefusedRequest,
    openLine: (context: LineContext) => Line,
  ) {
    this.name = name;
    this.stray = new Stray(name, refused);
    this.isolated = isolated;
    this.#openLine = openLine;
    // Of an isolated server the shared line reads the lists and nothing else. Many list only what the
    // client's capabilities allow; whatever they ask on this line is refused.
    this.#shared = openLine(this.#context(false, isolated ? asks : {}, () => {}));
  }

  get description(): ServerDescription | undefined {
    return this.#shared.description;
  }

  start(): Promise<ServerDescription> {
    return this.#shared.start();
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
    const link: Line = this.#openLine(this.#context(true, capabilities, () => this.#links.delete(link)));
    this.#links.add(link);
    if (this.#closed) void link.close();
    return link;
  }

  list(kind: ListKind): Promise<readonly JsonObject[]> {
    return readList(this.name, kind, (method, params, limits) => this.request(method, params, limits));
  }

  onListChanged(listener: (kind: ListKind) => void): void {
    this.#changes.add(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#links].map((link) => link.close()));
    await this.#shared.close();
  }

  #context(isolated: boolean, capabilities: JsonObject, closed: () => void): LineContext {
    return {
      isolated,
      capabilities,
      stray: this.stray,
      listChanged: (kind) => this.#changes.tell(kind),
      closed,
    };
  }
}
