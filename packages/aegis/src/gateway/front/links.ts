import type { JsonObject } from '@aegis/core';
import { UpstreamError } from '../../ports.ts';
import type { UpstreamLink, UpstreamServer } from '../upstream/server.ts';

/** A line that a client session has for itself, and the server behind it. */
export interface OwnLink {
  readonly upstream: UpstreamServer;
  readonly link: UpstreamLink;
}

/** The lines of one client session to the servers: those that all share, and those it has for itself. */
export class SessionLinks {
  readonly #capabilities: (server: string) => JsonObject;
  readonly #opened: (link: UpstreamLink, upstream: UpstreamServer) => void;
  readonly #own = new Map<string, OwnLink>();
  #closed = false;

  /** `capabilities` is what a server may ask of this client; `opened` hears of each line of its own. */
  constructor(
    capabilities: (server: string) => JsonObject,
    opened: (link: UpstreamLink, upstream: UpstreamServer) => void = () => {},
  ) {
    this.#capabilities = capabilities;
    this.#opened = opened;
  }

  /** Throws `UpstreamError` (`cancelled`) for a new line of a session that has ended. */
  to(upstream: UpstreamServer): UpstreamLink {
    if (!upstream.isolated) return upstream;
    const held = this.#own.get(upstream.name);
    if (held !== undefined) return held.link;
    // Nobody would close it any more.
    if (this.#closed) throw new UpstreamError('cancelled', 'the session has ended');
    const link = upstream.open(this.#capabilities(upstream.name));
    this.#own.set(upstream.name, { upstream, link });
    this.#opened(link, upstream);
    return link;
  }

  /** The lines that are this session's own. */
  own(): Iterable<OwnLink> {
    return this.#own.values();
  }

  /** Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    const links = [...this.#own.values()];
    this.#own.clear();
    await Promise.all(links.map(({ link }) => link.close()));
  }
}
