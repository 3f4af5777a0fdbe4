import type {
  ApprovalQuestion,
  ApproverRequirement,
  ContentScan,
  Entry,
  Finding,
  JsonObject,
  JsonValue,
  KnownValues,
  MaskedResult,
  Masks,
  Permission,
} from '@aegis/core';

/** Time, in Unix milliseconds. */
export interface Clock {
  now(): number;
}

/** Identifiers and randomness. */
export interface Ids {
  /** A sortable id `prefix_...` (UUID version 7 in 32 hex digits). */
  next(prefix: 'call' | 'ses' | 'rcp' | 'req' | 'seg' | 'apr' | 'grt' | 'hof' | 'clr'): string;
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

/** Where the ledger speaks of one pinned definition, or of one policy: positions of events, which say everything else. */
export interface StoredPin {
  /** JSON of `[server, kind, name]`; of a policy `["aegis", "policy", fingerprint]`, of a kill switch `["aegis", "kill", target]`. */
  readonly key: string;
  /** The `TOOL_PINNED` or `TOOL_ACCEPTED` event in force; absent while there is none. */
  readonly pinned?: number;
  /** The newest `TOOL_CHANGED` event with a fingerprint. */
  readonly offered?: number;
  /** The newest event about it. */
  readonly newest: number;
}

/** The entries of some types in a stretch of the log. */
export interface TypedEntries {
  readonly entries: readonly StoredEntry[];
  /** Position of the end of the stretch; the one that was asked about when nothing stands behind it. */
  readonly through: number;
  /** Whether nothing stood behind the stretch when it was read. */
  readonly isLast: boolean;
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
  /** Of the next entries after a position, as many as are looked through in a moment, those of the types; in commit order. */
  ofTypes(types: readonly string[], after: number): Promise<TypedEntries>;
  /** The pins with an event after the position `after`, in the order of their newest events. */
  pins(after?: number): AsyncIterable<StoredPin>;
  /**
   * A sealed value by the hash that its commitment names, and the position of the entry with the
   * commitment; undefined when it was erased or never stored.
   */
  blob(hash: string, position: number): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** Reads and clears the content of calls and results: what is short at once, so that nobody has to wait for it. */
export interface ContentReader {
  /** What the texts of a value hold. Never rejects: what could not be read is a finding that denies. */
  scan(value: JsonValue, scan: ContentScan): readonly Finding[] | Promise<readonly Finding[]>;
  /** As `maskResult` does it. Rejects with `INTERNAL` where it could not be done. */
  mask(content: JsonObject, masks: Masks, known: KnownValues): MaskedResult | Promise<MaskedResult>;
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

/** A person as a door established who it is. */
export interface Person {
  readonly name: string;
  readonly roles: readonly string[];
}

/** A person who showed a credential of Aegis. */
export interface SignedInPerson extends Person {
  /** The one tenant that the person sees; undefined: all of them. */
  readonly tenant: string | undefined;
  readonly may: ReadonlySet<Permission>;
  /** What a page shows with a form, where a cookie says who it is. */
  readonly csrf?: string;
}

/** What somebody who wants to sign in at a provider wants afterwards. */
export interface SignInWish {
  /** A path of this door. */
  readonly to: string;
  /** A program on this machine that waits for it (RFC 8252, section 7.3). */
  readonly loopback?:
    | { readonly port: number; readonly challenge: string; readonly state: string }
    | undefined;
}

export interface SignInBegun {
  /** Where the browser goes. */
  readonly location: string;
  /** What it brings back in a cookie. */
  readonly flow: string;
}

/** How a sign-in ended that was good. */
export type SignInDone =
  | {
      readonly kind: 'browser';
      readonly to: string;
      readonly session: { readonly sealed: string; readonly expiresAtMs: number };
      readonly person: string;
    }
  | { readonly kind: 'program'; readonly back: string; readonly person: string };

/** What a program is given for a person. */
export interface TokenGiven {
  readonly token: string;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
  /** Good once for another token; undefined where the provider gives none. */
  readonly renewal: string | undefined;
  readonly person: Person & { readonly tenant: string | undefined };
}

/** Signing in at a provider. Everything rejects with `UNAUTHENTICATED`, `UPSTREAM_UNAVAILABLE` and `STORE_UNAVAILABLE`. */
export interface PersonSignIn {
  begin(wish: SignInWish): Promise<SignInBegun>;
  finish(
    query: Readonly<Record<string, string>>,
    cookies: string | undefined,
    source: string,
  ): Promise<SignInDone>;
  redeem(code: string, verifier: string): Promise<TokenGiven>;
  renew(renewal: string, source: string): Promise<TokenGiven>;
}

/** How a client certificate is known: by its SHA-256 digest in hex, or by a name among its subject alternative names. */
export type CertificateName =
  | { readonly sha256: string }
  | { readonly uri: string }
  | { readonly dns: string };

/** A certificate that a client proved to hold, and that leads to a root that is trusted for clients. */
export interface ClientCertificate {
  /** Of its DER form, in hex. */
  readonly sha256: string;
  readonly uris: readonly string[];
  readonly dns: readonly string[];
}

/** What a request shows of who sends it. */
export interface Credentials {
  /** The `Authorization` header. */
  readonly authorization: string | undefined;
  readonly certificate: ClientCertificate | undefined;
}

/** Why a request is from nobody that is known, as HTTP says it (RFC 6750, section 3). */
export interface SignInRefusal {
  readonly status: 401 | 403 | 429 | 503;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An agent that showed a credential of Aegis. */
export interface AgentIdentity {
  readonly name: string;
  readonly tenant: string;
}

/** A call that policy holds for a person, as it was judged. */
export interface HeldCall extends ApprovalQuestion {
  readonly callId: string;
  readonly tenant: string;
  readonly session: string;
  /** Whose word the rules want, where they say it. */
  readonly approvers: readonly ApproverRequirement[];
}

/** What is asked about a held call, and how it can be answered. */
export interface AskedApproval {
  /** `apr_...`; equal for the calls that wait for the same answer. */
  readonly id: string;
  readonly binding: string;
  readonly approvers: readonly ApproverRequirement[];
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
  /** Whether nobody was asked yet. */
  readonly isNew: boolean;
  /** Whether an answer is still wanted. */
  readonly isOpen: boolean;
  /** Where a person can answer in a browser; undefined where this process serves no page. */
  readonly page: string | undefined;
  /** Takes the word of the client's own user; undefined where it does not count. */
  readonly decide: ((approved: boolean) => void) | undefined;
  /** The grant that answers it already. */
  readonly grant: { readonly id: string; readonly by: string; readonly door: string } | undefined;
}

/** What came of a question. */
export type Verdict =
  /** This call may run on it, and no other; with `edited` in place of its arguments, where a person gave others. */
  | {
      readonly kind: 'approved';
      readonly by: string;
      readonly door?: string;
      readonly why?: string;
      readonly edited?: JsonObject;
    }
  | { readonly kind: 'refused'; readonly by: string; readonly door?: string; readonly why?: string }
  /** Nobody has answered, and this call waits no longer. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'expired' }
  /** Another call has run on this approval. */
  | { readonly kind: 'used' }
  | { readonly kind: 'unavailable' };

/** How people are asked about held calls. */
export interface Approver {
  /** What would be asked, or is asked already. Undefined: nobody can be asked now, for too much waits already. */
  consider(call: HeldCall): Promise<AskedApproval | undefined>;
  /** Asks, once the request is on record, and waits at most `waitMs` milliseconds for an answer. */
  ask(
    call: HeldCall,
    asked: AskedApproval,
    patience: { readonly waitMs?: number | undefined; readonly signal?: AbortSignal | undefined },
  ): Promise<Verdict>;
}

/** Why what a person said is not taken. */
export interface NotTaken {
  readonly problem: 'unknown' | 'settled' | 'expired' | 'forbidden' | 'changed' | 'invalid';
  readonly message: string;
}

/** What a link to a page leads to. */
export interface OpenedLink {
  readonly approval: JsonObject;
  /** In whose name it decides; undefined: whoever has it must say who it is. */
  readonly person: string | undefined;
  /** Whether anybody can say so there. */
  readonly haveKeys: boolean;
}

/** Where doors let people see what is asked, and answer. Everything is in wire names. */
export interface ApprovalDoor {
  /** What waits, the oldest first; with `all` also what was answered or has expired. Of one tenant, or of all. */
  list(tenant: string | undefined, all: boolean): Promise<readonly JsonObject[]>;
  show(tenant: string | undefined, id: string): Promise<JsonObject | undefined>;
  /** Takes `{ approved, why?, args?, grant? }` of a person whom the door knows. */
  answer(
    tenant: string | undefined,
    id: string,
    by: { readonly person: Person; readonly door: string },
    body: JsonObject,
  ): Promise<JsonObject | NotTaken>;
  grants(tenant: string | undefined, all: boolean): Promise<readonly JsonObject[]>;
  revoke(
    tenant: string | undefined,
    id: string,
    by: { readonly person: Person; readonly door: string },
    why: string | undefined,
  ): Promise<JsonObject | NotTaken>;
  /** Takes a person's word for what a session has read. */
  vouch(
    place: { readonly tenant: string; readonly session: string },
    word: {
      readonly person: Person;
      readonly door: string;
      readonly why: string;
      readonly labels: readonly string[];
      readonly value: string | undefined;
    },
  ): Promise<JsonObject | NotTaken>;
  /** What a link leads to, and in whose name; undefined for a link that was not made here. */
  open(token: string): Promise<OpenedLink | undefined>;
  /** Takes the answer of whom a link was sent to, or of whose key it is. */
  answerByLink(
    token: string,
    answer: { readonly approved: boolean; readonly why?: string; readonly key?: string },
  ): Promise<JsonObject | NotTaken>;
}

/** A credential. Prints as `[secret]` wherever it is turned into text; `reveal` is for the upstream call alone. */
export interface Secret {
  reveal(): string;
  /** Of a secret of the vault: which value it is. */
  readonly version?: number;
}

/** Resolves the references to secrets that the configuration names. */
export interface SecretStore {
  /** `use` says what it is for, for the record: ``server `files` ``. */
  resolve(reference: SecretReference, use?: string): Promise<Secret>;
}

/** Where a credential is kept: an environment variable, a file, or the vault; the value is never in the configuration. */
export type SecretReference =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly secret: string };
