/** Pages of one session that may be told of later; of more the oldest are forgotten. */
const MAX_PAGES = 256;

/** The pages that one client was sent to (MCP, elicitation by URL) and that nobody has said to be done with. */
export class ShownPages {
  readonly #pages = new Set<string>();

  add(server: string, elicitationId: string): void {
    this.#pages.add(keyOf(server, elicitationId));
    if (this.#pages.size <= MAX_PAGES) return;
    const [oldest] = this.#pages;
    if (oldest !== undefined) this.#pages.delete(oldest);
  }

  /** The server says that a page is done with. True once for each page that it showed this client. */
  complete(server: string, elicitationId: string): boolean {
    return this.#pages.delete(keyOf(server, elicitationId));
  }
}

function keyOf(server: string, elicitationId: string): string {
  return JSON.stringify([server, elicitationId]);
}
