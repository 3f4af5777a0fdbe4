import type { JsonObject } from '@aegis/core';
import type { UpstreamLimits, UpstreamReply } from '../../ports.ts';

/** The two ways of speaking MCP: in sessions (until 2025-11-25), or with everything in each request (2026-07-28). */
export type Era = 'legacy' | 'modern';

/** What an upstream said of itself when it was initialised or discovered. Shown, never believed. */
export interface ServerDescription {
  readonly era: Era;
  readonly protocolVersion: string;
  readonly name: string;
  readonly version: string;
  readonly capabilities: JsonObject;
  /** Text for the model; shown to nobody before policy has said so. */
  readonly instructions?: string;
}

/** The lists that MCP servers keep. */
export const LIST_KINDS = ['tools', 'resources', 'resourceTemplates', 'prompts'] as const;
export type ListKind = (typeof LIST_KINDS)[number];

export interface Progress {
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/**
 * What belongs to one request: what its client can be asked, and what the server may tell or ask
 * while it works on it. What nobody listens to is dropped and counted; what nobody answers is refused.
 */
export interface Conversation {
  /** What the client can be asked, as MCP's client capabilities, after policy. */
  readonly capabilities: JsonObject;
  /** The least severe log messages that the client wants; none without it. Modern servers are told. */
  readonly logLevel?: string;
  progress?(report: Progress): void;
  /** The parameters of a `notifications/message` that belongs to this request. */
  log?(params: JsonObject): void;
  /**
   * A request of the server to the client, while the time of the server's own request stands still.
   * Never rejects: a refusal is an `error` reply. `signal` says that nobody waits for the answer any more.
   */
  ask?(method: string, params: JsonObject, signal?: AbortSignal): Promise<UpstreamReply>;
}

/**
 * A notification that belongs to no request of ours: that a page which the user was sent to is done with, that
 * the status of a task changed; on a line of one client also a log message, and that its resources changed.
 */
export interface Notice {
  readonly method: string;
  readonly params: JsonObject;
}

/** What an upstream sent that led to nothing. */
export interface StrayCounts {
  /** Output that is not a message of the protocol. */
  garbage: number;
  /** Answers that came after their request was given up. */
  late: number;
  /** Requests to a client that nobody was asked. */
  refused: number;
  /** Notifications that nobody listens to. */
  unheard: number;
}

/** One line to a server: the one that all clients share, or one that a client session has for itself. */
export interface UpstreamLink {
  /** Never sends a request twice. Throws `UpstreamError`. */
  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation?: Conversation,
  ): Promise<UpstreamReply>;
  /**
   * Asks the server to tell of changes of a resource: `resources/subscribe`, or a listening request of
   * the modern era. Counted: as many `unfollow` end it.
   */
  follow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply>;
  unfollow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply>;
  /** `listener` hears the URI of every resource that changed. Returns how to stop. */
  onUpdated(listener: (uri: string) => void): () => void;
  /** `listener` hears what the server tells that belongs to no request. Returns how to stop. */
  onNotice(listener: (notice: Notice) => void): () => void;
  /** Tells a server with sessions what the client wants to be told, or that its roots changed. Never rejects. */
  tell(method: 'notifications/roots/list_changed'): void;
  /** Ends what this link holds. On a shared line it ends nothing of others. Never rejects. */
  close(): Promise<void>;
}

/** An upstream MCP server that can be started, asked, and ended; as a link, the one that all clients share. */
export interface UpstreamServer extends UpstreamLink {
  readonly name: string;
  readonly stray: Readonly<StrayCounts>;
  /** Whether every client session has a link of its own: configured so, or the manifest declares client requests. */
  readonly isolated: boolean;
  /** Set while the server is initialised, and kept after it went away. */
  readonly description: ServerDescription | undefined;
  /** Connects and initialises; at once when that is done already. Throws `UpstreamError`. */
  start(): Promise<ServerDescription>;
  /**
   * A link for one client session, with a session (or a process) of the server behind it that nobody
   * else uses; `capabilities` is what this client can be asked. Nothing is started before its first use.
   * For a modern server, which keeps no sessions, it costs nothing.
   */
  open(capabilities: JsonObject): UpstreamLink;
  /** Every page of a list. Throws `UpstreamError`. */
  list(kind: ListKind): Promise<readonly JsonObject[]>;
  /** `listener` hears of every list that may have changed, from now on, over whichever link the news came. */
  onListChanged(listener: (kind: ListKind) => void): void;
  /** Ends the server for good, with all its links. Never rejects. */
  close(): Promise<void>;
}
