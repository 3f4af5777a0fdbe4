import { hash, randomBytes } from 'node:crypto';
import type { Caller } from '../../../enforce/door.ts';
import { sameCaller } from './same-caller.ts';
import { SessionIds } from './session-id.ts';
import { readSealed, type SealedSession } from './session-seal.ts';

/** What an id held, and with whom and what it was opened for. */
interface Opened {
  readonly id: string;
  readonly caller: Caller;
  readonly endpoint: string;
  readonly sealed: SealedSession;
}

/** So many ids are remembered; after that all are forgotten, and read once more. */
const MAX_REMEMBERED = 4_096;

/**
 * Session ids, of which those that were opened are not opened for each request of a session again.
 *
 * SECURITY: an id is remembered, and looked for, by a digest with a secret in it, of the id with whom and what it was
 * opened for: no session is looked for by what a stranger sent, and an id is good for nobody else. The last one
 * of a connection is compared as it is, with what its own caller sends and nobody else.
 */
export class OpenedIds extends SessionIds {
  readonly #secret = randomBytes(32).toString('hex');
  readonly #opened = new Map<string, SealedSession>();
  readonly #last = new WeakMap<object, Opened>();

  read(id: string, caller: Caller, endpoint: string, connection?: object): SealedSession | undefined {
    if (connection === undefined) return this.#recall(id, caller, endpoint);
    const last = this.#last.get(connection);
    const isOwn = last !== undefined && sameCaller(last.caller, caller) && last.endpoint === endpoint;
    if (isOwn && last.id === id) return last.sealed;
    const sealed = this.#recall(id, caller, endpoint);
    if (sealed !== undefined) this.#last.set(connection, { id, caller, endpoint, sealed });
    return sealed;
  }

  #recall(id: string, caller: Caller, endpoint: string): SealedSession | undefined {
    const { tenant, agent, user } = caller;
    const digest = hash('sha256', this.#secret + JSON.stringify([id, tenant, agent, user, endpoint]), 'hex');
    const known = this.#opened.get(digest);
    if (known !== undefined) return known;
    const text = this.open(id, caller, endpoint);
    const sealed = text === undefined ? undefined : readSealed(text);
    if (sealed === undefined) return undefined;
    if (this.#opened.size >= MAX_REMEMBERED) this.#opened.clear();
    this.#opened.set(digest, sealed);
    return sealed;
  }
}
