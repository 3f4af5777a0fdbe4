import type { JsonObject } from '@aegis/core';
import type { Upstream, UpstreamLimits, UpstreamReply } from '../../ports.ts';

/** What an upstream said of itself when it was initialised. Shown, never believed. */
export interface ServerDescription {
  readonly protocolVersion: string;
  readonly name: string;
  readonly version: string;
  readonly capabilities: JsonObject;
}

/** The lists that MCP servers keep. */
export const LIST_KINDS = ['tools', 'resources', 'resourceTemplates', 'prompts'] as const;
export type ListKind = (typeof LIST_KINDS)[number];

/** Called with numbers only: the text of a progress notification is not relayed, since nothing inspects it. */
export type ProgressListener = (progress: number, total: number | undefined) => void;

/** What an upstream sent that was not an answer to anything. */
export interface StrayCounts {
  /** Output that is not a message of the protocol. */
  garbage: number;
  /** Answers that came after their request was given up. */
  late: number;
  /** Requests to the client (sampling, elicitation, roots), refused. */
  refused: number;
}

/** An upstream MCP server that can be started, asked, and ended. */
export interface UpstreamServer extends Upstream {
  readonly stray: Readonly<StrayCounts>;
  /** Set while the server is initialised, and kept after it went away. */
  readonly description: ServerDescription | undefined;
  /** Connects and initialises; at once when that is done already. Throws `UpstreamError`. */
  start(): Promise<ServerDescription>;
  /** Starts the server again when it has gone away. Never sends a request twice. */
  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    progress?: ProgressListener,
  ): Promise<UpstreamReply>;
  /** Every page of a list. Throws `UpstreamError`. */
  list(kind: ListKind): Promise<readonly JsonObject[]>;
  /** `listener` hears of every list that may have changed, from now on. */
  onListChanged(listener: (kind: ListKind) => void): void;
  /** Ends the server for good. Never rejects. */
  close(): Promise<void>;
}
