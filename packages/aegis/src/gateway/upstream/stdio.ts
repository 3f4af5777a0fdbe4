import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@aegis/core';
import { type SecretStore, UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../ports.ts';
import { createRedact } from '../redact.ts';
import { StdioConnection } from './connection.ts';
import { CrashBudget } from './crash-budget.ts';
import { DEFAULT_RESTART, resolveValues, type StdioDefinition } from './definition.ts';
import { type ClientIdentity, describe, initializeParams } from './handshake.ts';
import { readList } from './list.ts';
import type { Reaper } from './reaper.ts';
import {
  LIST_KINDS,
  type ListKind,
  type ProgressListener,
  type ServerDescription,
  type StrayCounts,
  type UpstreamServer,
} from './server.ts';
import { StderrTail } from './stderr.ts';
import { within } from './within.ts';

export interface StdioPorts {
  readonly secrets: SecretStore;
  /** The host's `PATH`, the only thing that a server gets without being declared. */
  readonly path: string | undefined;
  readonly client: ClientIdentity;
  readonly reaper: Reaper;
}

const START_LIMITS: UpstreamLimits = { timeoutMs: 30_000, maxOutputBytes: 1024 * 1024 };
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** A server that is a child process: started when needed, and again after it died, within a budget. */
export class StdioUpstream implements UpstreamServer {
  readonly name: string;
  readonly stray: StrayCounts = { garbage: 0, late: 0, refused: 0 };
  readonly #definition: StdioDefinition;
  readonly #ports: StdioPorts;
  readonly #crashes: CrashBudget;
  readonly #listeners: ((kind: ListKind) => void)[] = [];
  #description: ServerDescription | undefined;
  #connection: StdioConnection | undefined;
  #starting: Promise<ServerDescription> | undefined;
  #stderr: StderrTail | undefined;
  #closed = false;

  constructor(definition: StdioDefinition, ports: StdioPorts) {
    this.name = definition.name;
    this.#definition = definition;
    this.#ports = ports;
    this.#crashes = new CrashBudget(definition.restart ?? DEFAULT_RESTART, () => performance.now());
  }

  get description(): ServerDescription | undefined {
    return this.#description;
  }

  /** What the server wrote to its standard error lately, without credentials. */
  stderr(): readonly string[] {
    return this.#stderr?.lines() ?? [];
  }

  start(): Promise<ServerDescription> {
    const ready = this.#connection !== undefined && this.#description !== undefined;
    if (ready && this.#starting === undefined) return Promise.resolve(this.#description as ServerDescription);
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  request(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    progress?: ProgressListener,
  ): Promise<UpstreamReply> {
    const connection = this.#connection;
    return connection === undefined || this.#starting !== undefined
      ? this.#startAndRequest(method, params, limits, progress)
      : connection.request(method, params, limits, progress);
  }

  list(kind: ListKind): Promise<readonly JsonObject[]> {
    return readList(this.name, kind, (method, params, limits) => this.request(method, params, limits));
  }

  onListChanged(listener: (kind: ListKind) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connection?.close();
    await this.#starting?.catch(() => {});
  }

  async #startAndRequest(
    method: string,
    params: JsonObject,
    limits: UpstreamLimits,
    progress: ProgressListener | undefined,
  ): Promise<UpstreamReply> {
    const startedAt = performance.now();
    await within(this.name, this.start(), limits);
    const connection = this.#connection;
    if (connection === undefined) throw this.#unavailable('has ended');
    const timeoutMs = Math.max(1, limits.timeoutMs - (performance.now() - startedAt));
    return connection.request(method, params, { ...limits, timeoutMs }, progress);
  }

  async #start(): Promise<ServerDescription> {
    const delayMs = this.#crashes.delayMs();
    if (delayMs === undefined) throw this.#unavailable('ended too often and is not started again for now');
    if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
    const { values, secrets } = await resolveValues(this.name, this.#definition.env, this.#ports.secrets);
    if (this.#closed) throw this.#unavailable('is closed');
    const connection = this.#connect(values, secrets);
    try {
      const params = initializeParams(this.#ports.client);
      const description = describe(this.name, await connection.request('initialize', params, START_LIMITS));
      connection.notify('notifications/initialized');
      const again = this.#description !== undefined;
      this.#description = description;
      // What a new life of the server lists may differ from what the last one did.
      if (again) for (const kind of LIST_KINDS) this.#changed(kind);
      return description;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  #connect(env: Readonly<Record<string, string>>, secrets: readonly string[]): StdioConnection {
    const { path, reaper } = this.#ports;
    const redact = createRedact(secrets);
    this.#stderr = new StderrTail(redact);
    const connection: StdioConnection = new StdioConnection({
      server: this.name,
      command: this.#definition.command,
      cwd: this.#definition.cwd,
      env: path === undefined ? env : { PATH: path, ...env },
      maxLineBytes: MAX_LINE_BYTES,
      redact,
      stray: this.stray,
      stderr: this.#stderr,
      listChanged: (kind) => this.#changed(kind),
      exited: () => {
        if (connection.group !== undefined) reaper.forget(connection.group);
        if (this.#connection === connection) this.#connection = undefined;
        if (!this.#closed) this.#crashes.exited();
      },
    });
    if (connection.group !== undefined) reaper.watch(connection.group);
    this.#connection = connection;
    return connection;
  }

  #changed(kind: ListKind): void {
    for (const listener of this.#listeners) listener(kind);
  }

  #unavailable(what: string): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.name}\` ${what}`);
  }
}
