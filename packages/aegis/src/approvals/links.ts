import type { Approval } from '@aegis/core';
import { mintToken } from './token.ts';

/** Addresses of the pages on which people answer. */
export class Links {
  readonly #mac: (text: string) => string;
  #base: string | undefined;
  #opening: (() => Promise<string>) | undefined;
  #ready: Promise<void> | undefined;

  constructor(mac: (text: string) => string) {
    this.#mac = mac;
  }

  /** Says where the pages are served: `http://127.0.0.1:8080`. */
  servedAt(base: string): void {
    this.#base = base.replace(/\/+$/, '');
  }

  /** Says how a place for the pages is opened, when the first of them is needed. */
  serveWith(open: () => Promise<string>): void {
    this.#opening = open;
  }

  /** Opens the place for the pages, where there is one to open. Never rejects: without it there are no pages. */
  ready(): Promise<void> {
    const open = this.#opening;
    if (open === undefined) return Promise.resolve();
    this.#ready ??= open().then(
      (base) => this.servedAt(base),
      () => {},
    );
    return this.#ready;
  }

  /** The page of an approval, in a person's name or in nobody's; undefined where none is served. */
  to(
    approval: Pick<Approval, 'id' | 'tenant' | 'callId' | 'binding' | 'expiresAtMs'>,
    person: string | undefined,
  ): string | undefined {
    if (this.#base === undefined) return undefined;
    return `${this.#base}/approve/${mintToken(approval, person, this.#mac)}`;
  }
}
