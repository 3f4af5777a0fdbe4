/** A map by tenant and session: two look-ups cost less than joining the two names for one. */
export class SessionMap<T> {
  readonly #tenants = new Map<string, Map<string, T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(tenant: string, session: string): T | undefined {
    return this.#tenants.get(tenant)?.get(session);
  }

  set(tenant: string, session: string, value: T): void {
    let sessions = this.#tenants.get(tenant);
    if (sessions === undefined) this.#tenants.set(tenant, (sessions = new Map()));
    if (!sessions.has(session)) this.#size += 1;
    sessions.set(session, value);
  }
}
