import type { McpServer } from '@modelcontextprotocol/server';

/** Which resources the one connection of a server follows, in the revisions that ask for each by itself. */
export class Subscriptions {
  readonly #uris = new Set<string>();

  constructor({ server }: McpServer) {
    server.setRequestHandler('resources/subscribe', ({ params }) => {
      this.#uris.add(params.uri);
      return {};
    });
    server.setRequestHandler('resources/unsubscribe', ({ params }) => {
      this.#uris.delete(params.uri);
      return {};
    });
  }

  has(uri: string): boolean {
    return this.#uris.has(uri);
  }
}
