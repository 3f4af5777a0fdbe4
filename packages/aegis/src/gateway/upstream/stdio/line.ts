import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@aegis/core';
import { type SecretStore, UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../ports.ts';
import { createRedact } from '../../redact.ts';
import { CrashBudget } from './crash-budget.ts';
import { DEFAULT_RESTART, resolveValues, type StdioDefinition } from '../definition.ts';
import { Follows } from '../session/follows.ts';
import { type ClientIdentity, describe, initializeParams } from '../session/handshake.ts';
import { type Line, type LineContext, RESOURCES_CHANGED } from '../session/line.ts';
import { Listeners } from '../listeners.ts';
import { BATCH_REVISION } from '../session/peer.ts';
import type { Holder, Places } from './places.ts';
import type { Reaper } from './reaper.ts';
import { type Conversation, LIST_KINDS, type Notice, type ServerDescription } from '../server.ts';
import type { StderrTail } from './stderr.ts';
import type { RefusedRequest } from '../stray.ts';
import { StdioConnection } from './connection.ts';
import { withinLeft } from '../within.ts';

export interface StdioPorts {
  readonly secrets: SecretStore;
  /** The host's `PATH`, the only thing that a server gets without being declared. */
  readonly path: string | undefined;
  readonly client: ClientIdentity;
  readonly reaper: Reaper;
  readonly refused: RefusedRequest;
}

/** What the lines to one server have in common. */
export interface StdioServer {
  readonly definition: StdioDefinition;
  readonly ports: StdioPorts;
  readonly stderr: StderrTail;
  /** One for each process that stands behind a link. */
  readonly places: Places;
}

const START_LIMITS: UpstreamLimits = { timeoutMs: 30_000, maxOutputBytes: 1024 * 1024 };
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** A process that one client session has for itself does not wait for ever for its next call. */
const LINK_IDLE_MS = 10 * 60_000;

/** A line to a child process: started when needed, and again after it died, within a budget. */
export class StdioLine implements Line, Holder {
  readonly #server: StdioServer;
  readonly #context: LineContext;
  readonly #crashes: CrashBudget;
  readonly #follows: Follows;
  readonly #notices = new Listeners<Notice>();
  /** Every process that is not gone: being started, in use, or finishing its last requests. */
  readonly #processes = new Set<StdioConnection>();
  #description: ServerDescription | undefined;
  /** The one that is in use. */
  #connection: StdioConnection | undefined;
  #starting: Promise<ServerDescription> | undefined;
  #lifetime: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(server: StdioServer, context: LineContext) {
    this.#server = server;
    this.#context = context;
    const { restart = DEFAULT_RESTART, name } = server.definition;
    this.#crashes = new CrashBudget(restart, () => performance.now());
    this.#follows = new Follows(name, (method, params, limits) => this.request(method, params, limits));
  }

  get description(): ServerDescription | undefined {
    return this.#description;
  }

  start(): Promise<ServerDescription> {
    if (this.#connection !== undefined && this.#description !== undefined) {
      return Promise.resolve(this.#description);
    }
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation?: Conversation,
  ): Promise<UpstreamReply> {
    const connection = this.#connection;
    if (this.#context.isolated) this.#server.places.used(this);
    return connection === undefined
      ? this.#startAndRequest(method, params, limits, conversation)
      : connection.request(method, params, limits, conversation);
  }

  get isUnused(): boolean {
    return this.#starting === undefined && this.#follows.size === 0 && this.#connection?.isUnused !== false;
  }

  retire(): void {
    if (this.#connection !== undefined) this.#retire(this.#connection);
  }

  follow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    return this.#follows.follow(uri, limits);
  }

  unfollow(uri: string, limits: UpstreamLimits): Promise<UpstreamReply> {
    return this.#follows.unfollow(uri, limits);
  }

  onUpdated(listener: (uri: string) => void): () => void {
    return this.#follows.onUpdated(listener);
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    return this.#notices.add(listener);
  }

  tell(method: 'notifications/roots/list_changed'): void {
    this.#connection?.notify(method);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#lifetime);
    await Promise.all([...this.#processes].map((process) => process.close()));
    await this.#starting?.catch(() => {});
    this.#context.closed();
  }

  async #startAndRequest(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    conversation: Conversation | undefined,
  ): Promise<UpstreamReply> {
    const { left } = await withinLeft(this.#server.definition.name, this.start(), limits);
    const connection = this.#connection;
    if (connection === undefined) throw this.#unavailable('has ended');
    return connection.request(method, params, left, conversation);
  }

  async #start(): Promise<ServerDescription> {
    const { definition, ports } = this.#server;
    const delayMs = this.#crashes.delayMs();
    if (delayMs === undefined) throw this.#unavailable('ended too often and is not started again for now');
    if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
    const { values, secrets } = await resolveValues(definition.name, definition.env, ports.secrets);
    if (this.#closed) throw this.#unavailable('is closed');
    const connection = this.#spawn(values, secrets);
    try {
      const params = initializeParams(ports.client, this.#context.capabilities);
      const description = describe(
        definition.name,
        await connection.request('initialize', params, START_LIMITS),
      );
      connection.initialized(description.protocolVersion === BATCH_REVISION);
      this.#took(connection, description);
      return description;
    } catch (error) {
      await connection.close(false);
      throw error;
    }
  }

  #took(connection: StdioConnection, description: ServerDescription): void {
    const again = this.#description !== undefined;
    this.#description = description;
    this.#connection = connection;
    const { maxLifetimeMs } = this.#server.definition;
    if (maxLifetimeMs !== undefined) {
      this.#lifetime = setTimeout(() => this.#retire(connection), maxLifetimeMs).unref();
    }
    if (!again) return;
    this.#follows.renew();
    // What a new life of the server lists may differ from what the last one did.
    if (this.#context.isolated) this.#notices.tell(RESOURCES_CHANGED);
    else for (const kind of LIST_KINDS) this.#context.listChanged(kind);
  }

  #spawn(env: Readonly<Record<string, string>>, secrets: readonly string[]): StdioConnection {
    const { definition, ports, stderr, places } = this.#server;
    const { isolated, stray } = this.#context;
    const redact = createRedact(secrets);
    const idleMs = definition.idleMs ?? (isolated ? LINK_IDLE_MS : undefined);
    if (isolated && !places.take(this)) throw this.#unavailable('has too many client sessions of its own');
    try {
      const connection: StdioConnection = new StdioConnection({
        server: definition.name,
        command: definition.command,
        cwd: definition.cwd,
        env: ports.path === undefined ? env : { PATH: ports.path, ...env },
        isolated,
        maxLineBytes: MAX_LINE_BYTES,
        redact,
        stray,
        stderr: stderr.reader(redact),
        news: {
          listChanged: (kind) => this.#context.listChanged(kind),
          updated: (uri) => this.#follows.updated(uri),
          notice: (notice) => this.#notices.tell(notice),
        },
        ...(idleMs === undefined ? {} : { idleMs }),
        idle: () => {
          if (this.#follows.size === 0) this.#retire(connection);
        },
        exited: (wanted) => this.#exited(connection, wanted),
      });
      this.#processes.add(connection);
      if (connection.group !== undefined) ports.reaper.watch(connection.group);
      return connection;
    } catch {
      places.leave(this);
      throw this.#unavailable('cannot be started');
    }
  }

  /** Lets a process finish its requests and end; the next request starts another one. */
  #retire(connection: StdioConnection): void {
    if (this.#connection === connection) this.#leave();
    connection.retire();
  }

  #exited(connection: StdioConnection, wanted: boolean): void {
    const { ports, places } = this.#server;
    if (connection.group !== undefined) ports.reaper.forget(connection.group);
    this.#processes.delete(connection);
    if (this.#processes.size === 0) places.leave(this);
    if (!wanted && !this.#closed) this.#crashes.exited();
    if (this.#connection === connection) this.#leave();
  }

  /** The process in use is in use no more. Who follows a resource waits for no request: another one is started. */
  #leave(): void {
    this.#connection = undefined;
    clearTimeout(this.#lifetime);
    if (this.#follows.size > 0 && !this.#closed) this.start().catch(() => {});
  }

  #unavailable(what: string): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.#server.definition.name}\` ${what}`);
  }
}
