import type { StrayCounts } from './server.ts';

/** Hears of every request of a server that no client was asked. Returns at once, and never throws. */
export type RefusedRequest = (server: string, method: string) => void;

/** What one server sent that led to nothing: counted, and its refused requests told of one by one. */
export class Stray implements StrayCounts {
  garbage = 0;
  late = 0;
  refused = 0;
  unheard = 0;
  readonly #server: string;
  readonly #heard: RefusedRequest;

  constructor(server: string, heard: RefusedRequest) {
    this.#server = server;
    this.#heard = heard;
  }

  /** A request of the server was refused without anybody having been asked. */
  refuse(method: string): void {
    this.refused++;
    this.#heard(this.#server, method);
  }
}
