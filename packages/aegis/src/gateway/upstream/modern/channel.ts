import type { JsonObject } from '@aegis/core';
import type { UpstreamLimits, UpstreamReply } from '../../../ports.ts';
import type { Conversation } from '../server.ts';

/** One request of the modern era, before it is written. */
export interface ModernCall {
  readonly method: string;
  readonly params: JsonObject;
  /** What the client behind it can be asked. */
  readonly capabilities: JsonObject;
  readonly limits: UpstreamLimits;
  readonly conversation: Conversation | undefined;
  /** The headers that mirror its arguments. */
  readonly mirrored: Readonly<Record<string, string>> | undefined;
}

/** What comes over one listening request (MCP 2026-07-28, "Subscriptions"). */
export interface ListenHeard {
  /** The server listens to this part of the filter. Nothing else comes before it. */
  acknowledged(honoured: JsonObject): void;
  notified(method: string, params: JsonObject): void;
  /** Called once, and last. `refusal` is the code of the error that answered the request. */
  ended(refusal: number | undefined): void;
}

/** How messages of the modern era travel: by HTTP exchanges, or over the pipes of a process. */
export interface ModernChannel {
  /** Whether arguments are mirrored into headers. */
  readonly mirrors: boolean;
  /** Makes ready what requests need; at once when it is. Throws `UpstreamError`. */
  open(): Promise<void>;
  /** The answer as it came. Rejects with `UpstreamError` only. */
  request(call: ModernCall): Promise<UpstreamReply>;
  /** Returns how to end the listening; nothing is heard after that. */
  listen(filter: JsonObject, heard: ListenHeard): () => void;
  /** The server turned out to be of the modern era. */
  accepted(): void;
  /** The server turned out to be nothing to work with: ends what stands behind, until `open`. Never rejects. */
  reset(): Promise<void>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** What a channel tells of itself. */
export interface ChannelNews {
  /** What stood behind it is gone, with all that it knew. */
  lost(): void;
}
