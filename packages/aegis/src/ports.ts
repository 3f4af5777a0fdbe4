import type { Decision, Entry, JsonObject, JsonValue, Subject } from '@aegis/core';

/** Time, in Unix milliseconds. */
export interface Clock {
  now(): number;
}

/** Identifiers and randomness. */
export interface Ids {
  /** A sortable id `prefix_...` (UUID version 7 in 32 hex digits). */
  next(prefix: 'call' | 'ses' | 'rcp' | 'req' | 'seg'): string;
  /** `count` bytes from the operating system's generator. */
  random(count: number): Uint8Array;
}

/** One stored entry as the store gives it back: the exact bytes, nothing recomputed. */
export interface StoredEntry {
  /** Position in the whole log, from 1, rising in commit order. */
  readonly position: number;
  readonly tenant: string;
  readonly session: string;
  readonly seq: number;
  readonly hash: string;
  readonly body: string;
}

/** Where the ledger speaks of one pinned definition: positions of events, which say everything else. */
export interface StoredPin {
  /** JSON of `[server, kind, name]`. */
  readonly key: string;
  /** The `TOOL_PINNED` or `TOOL_ACCEPTED` event in force; absent while there is none. */
  readonly pinned?: number;
  /** The newest `TOOL_CHANGED` event with a fingerprint. */
  readonly offered?: number;
  /** The newest event about it. */
  readonly newest: number;
}

/** A group of events of one session and the head they extend. */
export interface AppendRequest {
  readonly entries: readonly [Entry, ...Entry[]];
}

/**
 * The only place where evidence is kept. An append is acknowledged only when durable; the entries
 * of one request become durable together or not at all. Once an append has failed, the same
 * session's later entries are refused until it has been read again (`STORE_UNAVAILABLE`).
 *
 * INVARIANT: an event about a pinned definition names the fingerprint that it believes to be in force;
 * when it is another one by now, the request is refused. So of two processes that see a tool first, or
 * accept a change, at the same moment, one is too late.
 */
export interface EventStore {
  append(request: AppendRequest): Promise<void>;
  /** A session's entries in `seq` order. */
  session(tenant: string, session: string): AsyncIterable<StoredEntry>;
  /** All entries in commit order, from `after` (exclusive). */
  entries(options?: { readonly after?: number; readonly limit?: number }): AsyncIterable<StoredEntry>;
  /** The pins with an event after the position `after`, in the order of their newest events. */
  pins(after?: number): AsyncIterable<StoredPin>;
  /**
   * A sealed value by the hash that its commitment names, and the position of the entry with the
   * commitment; undefined when it was erased or never stored.
   */
  blob(hash: string, position: number): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** What an upstream answered. A JSON-RPC error is an answer, not a failure. */
export type UpstreamReply =
  | { readonly kind: 'result'; readonly result: JsonObject; readonly bytes: number }
  | { readonly kind: 'error'; readonly code: number; readonly message: string; readonly data?: JsonValue };

/** How an upstream failed to answer. */
export type UpstreamFailure = 'timeout' | 'too_large' | 'unavailable' | 'cancelled' | 'protocol';

export interface UpstreamLimits {
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
  readonly signal?: AbortSignal;
}

/** One upstream MCP server, already initialised, with its credentials inside. */
export interface Upstream {
  readonly name: string;
  /** Throws `UpstreamError` when no answer came. */
  request(method: string, params: JsonObject, limits: UpstreamLimits): Promise<UpstreamReply>;
}

/** No answer came from an upstream, and why. `message` holds no credential and no upstream text. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly failure: UpstreamFailure;
  constructor(failure: UpstreamFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/** What a person answered. `unavailable`: nobody can be asked here. */
export type Verdict =
  | { readonly kind: 'approved'; readonly by: string }
  | { readonly kind: 'refused'; readonly by: string; readonly why?: string }
  | { readonly kind: 'unavailable' };

export interface Approver {
  ask(question: {
    readonly callId: string;
    readonly subject: Subject;
    readonly decision: Decision;
    readonly args: JsonObject;
  }): Promise<Verdict>;
}

/** A credential. Prints as `[secret]` wherever it is turned into text; `reveal` is for the upstream call alone. */
export interface Secret {
  reveal(): string;
}

/** Resolves the references to secrets that the configuration names. */
export interface SecretStore {
  resolve(reference: SecretReference): Promise<Secret>;
}

/** Where a credential is kept: an environment variable or a file; the value is never in the configuration. */
export type SecretReference = { readonly env: string } | { readonly file: string };
