import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamReply } from '../../../ports.ts';
import { createRedact } from '../../redact.ts';
import { CrashBudget } from '../stdio/crash-budget.ts';
import { DEFAULT_RESTART, resolveValues, type StdioDefinition } from '../definition.ts';
import type { ChannelNews, ListenHeard, ModernCall, ModernChannel } from './channel.ts';
import { ModernConnection } from './connection.ts';
import type { ModernRequests } from './request.ts';
import type { Stray } from '../stray.ts';
import type { StdioPorts } from '../stdio/line.ts';

const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** The modern era over the pipes of a child process, which is started again after it ended, within a budget. */
export class ModernStdio implements ModernChannel {
  readonly mirrors = false;
  readonly #definition: StdioDefinition;
  readonly #ports: Pick<StdioPorts, 'secrets' | 'path' | 'reaper'>;
  readonly #requests: ModernRequests;
  readonly #stray: Stray;
  readonly #news: ChannelNews;
  readonly #crashes: CrashBudget;
  /** Every process that is not gone: in use, or finishing its last requests. */
  readonly #processes = new Set<ModernConnection>();
  /** The one that is in use. */
  #connection: ModernConnection | undefined;
  #lifetime: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    definition: StdioDefinition,
    ports: Pick<StdioPorts, 'secrets' | 'path' | 'reaper'>,
    requests: ModernRequests,
    stray: Stray,
    news: ChannelNews,
  ) {
    this.#definition = definition;
    this.#ports = ports;
    this.#requests = requests;
    this.#stray = stray;
    this.#news = news;
    this.#crashes = new CrashBudget(definition.restart ?? DEFAULT_RESTART, () => performance.now());
  }

  async open(): Promise<void> {
    if (this.#connection !== undefined) return;
    const { name, env } = this.#definition;
    const delayMs = this.#crashes.delayMs();
    if (delayMs === undefined) throw this.#unavailable('ended too often and is not started again for now');
    if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
    const { values, secrets } = await resolveValues(name, env, this.#ports.secrets);
    if (this.#closed) throw this.#unavailable('is closed');
    this.#connection = this.#spawn(values, secrets);
  }

  accepted(): void {
    const connection = this.#connection;
    const { maxLifetimeMs } = this.#definition;
    if (connection === undefined || maxLifetimeMs === undefined) return;
    this.#lifetime = setTimeout(() => this.#retire(connection), maxLifetimeMs).unref();
  }

  request(call: ModernCall): Promise<UpstreamReply> {
    return this.#connection?.request(call) ?? Promise.reject(this.#unavailable('has ended'));
  }

  listen(filter: JsonObject, heard: ListenHeard): () => void {
    const end = this.#connection?.listen(filter, heard);
    return end ?? (() => {});
  }

  async reset(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    clearTimeout(this.#lifetime);
    await connection?.close(false);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#lifetime);
    await Promise.all([...this.#processes].map((process) => process.close()));
  }

  #spawn(env: Readonly<Record<string, string>>, secrets: readonly string[]): ModernConnection {
    const { name, command, cwd, idleMs } = this.#definition;
    const { path, reaper } = this.#ports;
    const redact = createRedact(secrets);
    try {
      const connection: ModernConnection = new ModernConnection({
        server: name,
        command,
        cwd,
        env: path === undefined ? env : { PATH: path, ...env },
        maxLineBytes: MAX_LINE_BYTES,
        redact,
        requests: this.#requests,
        stray: this.#stray,
        idleMs,
        idle: () => this.#retire(connection),
        exited: (wanted) => this.#exited(connection, wanted),
      });
      this.#processes.add(connection);
      if (connection.group !== undefined) reaper.watch(connection.group);
      return connection;
    } catch {
      throw this.#unavailable('cannot be started');
    }
  }

  /** Lets a process finish its requests and end; the next request starts another one. */
  #retire(connection: ModernConnection): void {
    if (this.#connection === connection) this.#leave();
    connection.retire();
  }

  #exited(connection: ModernConnection, wanted: boolean): void {
    if (connection.group !== undefined) this.#ports.reaper.forget(connection.group);
    this.#processes.delete(connection);
    if (!wanted && !this.#closed) this.#crashes.exited();
    if (this.#connection === connection) this.#leave();
  }

  /** The process in use is in use no more. */
  #leave(): void {
    this.#connection = undefined;
    clearTimeout(this.#lifetime);
    this.#news.lost();
  }

  #unavailable(what: string): UpstreamError {
    return new UpstreamError('unavailable', `server \`${this.#definition.name}\` ${what}`);
  }
}
