import { UpstreamError } from '../../../ports.ts';
import type { HttpDefinition, StdioDefinition } from '../definition.ts';
import { StatusError } from '../http/status-error.ts';
import { HttpUpstream } from '../http/upstream.ts';
import { modernHttp, modernStdio } from '../modern/create.ts';
import type { ModernUpstream } from '../modern/upstream.ts';
import type { UpstreamServer } from '../server.ts';
import { SseUpstream } from '../sse/upstream.ts';
import { type StdioPorts, StdioUpstream } from '../stdio/upstream.ts';

/** Finds out how a server is spoken to. */
export interface EraSearch {
  /**
   * The server as it was found, started; every other attempt is closed. Throws `UpstreamError` when
   * nothing was found, which says nothing of the next time.
   */
  find(): Promise<UpstreamServer>;
  /** Whether a server that could not be started may have become one that is spoken to in another way. */
  mayDiffer(error: unknown): boolean;
  /** `heard` is told of each attempt before it is started. */
  onTried(heard: (server: UpstreamServer) => void): void;
  /** Never rejects. */
  close(): Promise<void>;
}

/** The ways that were tried, each kept while none is found, with what it knows of its failures. */
class Attempts<Way extends string> {
  readonly #server: string;
  readonly #made = new Map<Way, UpstreamServer>();
  #heard: (server: UpstreamServer) => void = () => {};
  #closed = false;

  constructor(server: string) {
    this.#server = server;
  }

  onTried(heard: (server: UpstreamServer) => void): void {
    this.#heard = heard;
  }

  get<Server extends UpstreamServer>(way: Way, make: () => Server): Server {
    const made = this.#made.get(way) as Server | undefined;
    if (made !== undefined) return made;
    if (this.#closed) throw new UpstreamError('unavailable', `server \`${this.#server}\` is closed`);
    const server = make();
    this.#made.set(way, server);
    this.#heard(server);
    return server;
  }

  /** This one it is. */
  keep(found: UpstreamServer): UpstreamServer {
    for (const [way, server] of this.#made) {
      if (server === found) continue;
      this.#made.delete(way);
      void server.close();
    }
    return found;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#made.values()].map((server) => server.close()));
  }
}

/**
 * By HTTP (MCP 2026-07-28, Streamable HTTP, "Backward Compatibility"): a modern request first, which
 * other servers refuse without harm; then a session; then the old transport with its two endpoints.
 */
export class HttpSearch implements EraSearch {
  readonly #definition: HttpDefinition;
  readonly #ports: StdioPorts;
  readonly #attempts: Attempts<'modern' | 'legacy' | 'sse'>;

  constructor(definition: HttpDefinition, ports: StdioPorts) {
    this.#definition = definition;
    this.#ports = ports;
    this.#attempts = new Attempts(definition.name);
  }

  async find(): Promise<UpstreamServer> {
    const foreign = this.#definition.era === 'legacy' ? undefined : await this.#discover();
    if (foreign !== undefined && !(foreign instanceof UpstreamError)) return this.#attempts.keep(foreign);
    const legacy = this.#attempts.get('legacy', () => new HttpUpstream(this.#definition, this.#ports));
    try {
      await legacy.start();
      return this.#attempts.keep(legacy);
    } catch (error) {
      return this.#attempts.keep((await this.#old(foreign)) ?? raise(error));
    }
  }

  mayDiffer(): boolean {
    return true;
  }

  onTried(heard: (server: UpstreamServer) => void): void {
    this.#attempts.onTried(heard);
  }

  close(): Promise<void> {
    return this.#attempts.close();
  }

  /** The server, when it is of the modern era; else what speaks against it. */
  async #discover(): Promise<ModernUpstream | UpstreamError> {
    const modern = this.#attempts.get('modern', () => modernHttp(this.#definition, this.#ports, PROBE_MS));
    const found = await modern.discover();
    if (found.kind === 'unusable') throw found.error;
    return found.kind === 'modern' ? modern : found.error;
  }

  async #old(foreign: UpstreamError | undefined): Promise<SseUpstream | undefined> {
    // A server that takes no message where its stream is answers with one of a few statuses.
    if (foreign !== undefined && !(foreign instanceof StatusError && foreign.isForeign)) return undefined;
    const old = this.#attempts.get('sse', () => new SseUpstream(this.#definition, this.#ports));
    try {
      await old.start();
      return old;
    } catch {
      return undefined;
    }
  }
}

/**
 * Over pipes: a session first, because many servers exit or stay silent when anything else comes before
 * `initialize`. One that answers it with an error is asked, in a new process, whether it is of the modern era.
 */
export class StdioSearch implements EraSearch {
  readonly #definition: StdioDefinition;
  readonly #ports: StdioPorts;
  readonly #attempts: Attempts<'modern' | 'legacy'>;

  constructor(definition: StdioDefinition, ports: StdioPorts) {
    this.#definition = definition;
    this.#ports = ports;
    this.#attempts = new Attempts(definition.name);
  }

  async find(): Promise<UpstreamServer> {
    const legacy = this.#attempts.get('legacy', () => new StdioUpstream(this.#definition, this.#ports));
    try {
      await legacy.start();
      return this.#attempts.keep(legacy);
    } catch (error) {
      if (!this.mayDiffer(error)) throw error;
      return this.#attempts.keep((await this.#modern()) ?? raise(error));
    }
  }

  /** One that ended or was silent is not asked more: it would only be started twice. */
  mayDiffer(error: unknown): boolean {
    return error instanceof UpstreamError && error.failure === 'protocol';
  }

  onTried(heard: (server: UpstreamServer) => void): void {
    this.#attempts.onTried(heard);
  }

  close(): Promise<void> {
    return this.#attempts.close();
  }

  async #modern(): Promise<ModernUpstream | undefined> {
    const modern = this.#attempts.get('modern', () => modernStdio(this.#definition, this.#ports));
    try {
      const found = await modern.discover();
      return found.kind === 'modern' ? modern : undefined;
    } catch {
      return undefined;
    }
  }
}

/** How long a server may take to answer a question that it may not understand. */
const PROBE_MS = 5_000;

function raise(error: unknown): never {
  throw error;
}
