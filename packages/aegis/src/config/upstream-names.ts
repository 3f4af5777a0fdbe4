import type { ConfiguredServer } from './configured/parties.ts';

/** A server that only a URL speaks of, and the name that policies and logs know it by. */
export interface NamedUrl {
  readonly name: string;
  readonly url: string;
}

export type FoundUpstream =
  | { readonly kind: 'server'; readonly name: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'invalid'; readonly message: string; readonly help: string };

const DECLARE = 'declare it under `[[servers]]` and name it here';

/** Finds the server that a text in the configuration means, by name or by URL. */
export class UpstreamNames {
  readonly #declared: readonly ConfiguredServer[];
  readonly #byUrl = new Map<string, string>();
  readonly #undeclared: NamedUrl[] = [];

  constructor(declared: readonly ConfiguredServer[]) {
    this.#declared = declared;
    for (const server of declared) {
      if (server.kind === 'http') this.#byUrl.set(new URL(server.url).href, server.name);
    }
  }

  get declared(): readonly string[] {
    return this.#declared.map(({ name }) => name);
  }

  get undeclared(): readonly NamedUrl[] {
    return this.#undeclared;
  }

  /** A URL that no declared server has becomes a server of its own. */
  resolve(text: string): FoundUpstream {
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
      return this.declared.includes(text) ? { kind: 'server', name: text } : { kind: 'unknown' };
    }
    const url = URL.parse(text);
    if (url === null || !/^https?:$/.test(url.protocol)) {
      return {
        kind: 'invalid',
        message: `\`${text}\` is no HTTP URL`,
        help: 'for example http://memory:8080',
      };
    }
    // SECURITY: the URL is shown in logs and stands in the file for all to read.
    if (url.username !== '' || url.password !== '') {
      return { kind: 'invalid', message: 'a URL holds no credential', help: `${DECLARE}, with \`headers\`` };
    }
    const endpoint = endpointOf(text, url);
    const known = this.#byUrl.get(url.href) ?? this.#byUrl.get(endpoint);
    return known === undefined ? this.#add(endpoint, url) : { kind: 'server', name: known };
  }

  #add(endpoint: string, url: URL): FoundUpstream {
    const name = nameOf(url);
    const taken = [...this.#declared, ...this.#undeclared].some((server) => server.name === name);
    if (taken || name === '' || name.length > 63) {
      const message = taken
        ? `\`${name}\` is another server already`
        : `\`${url.host}\` is too long for a name`;
      return { kind: 'invalid', message, help: DECLARE };
    }
    this.#undeclared.push({ name, url: endpoint });
    this.#byUrl.set(endpoint, name);
    return { kind: 'server', name };
  }
}

/** A URL without a path is the address of a server, which has its endpoint at `/mcp`. */
function endpointOf(text: string, url: URL): string {
  const isAddress = /^[^:]+:\/\/[^/?#]*$/.test(text);
  return isAddress ? new URL('/mcp', url).href : url.href;
}

/**
 * Host and port, as the URL gives them: the same whatever else the configuration holds, so that no rule
 * on the name stops applying because another route was added.
 */
function nameOf({ host }: URL): string {
  return host.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '');
}
