import { isJsonObject, type JsonObject } from '@aegis/core';
import { UpstreamError, type UpstreamLimits, type UpstreamReply } from '../../../ports.ts';
import { INVALID_PARAMS, METHOD_NOT_FOUND } from '../../jsonrpc.ts';
import type { Listening } from './listening.ts';
import { within } from '../within.ts';

/** The most resources of one server that are followed at the same time, by all clients together. */
const MAX_FOLLOWED = 1_024;

const DONE: UpstreamReply = { kind: 'result', result: {}, bytes: 0 };

/** Who follows the resources of a server of the modern era: each is listened to once, however many follow. */
export class ModernFollows {
  readonly #server: string;
  readonly #listening: Listening;
  readonly #counts = new Map<string, number>();

  constructor(server: string, listening: Listening) {
    this.#server = server;
    this.#listening = listening;
  }

  get size(): number {
    return this.#counts.size;
  }

  /** Throws `UpstreamError`. A follower that fails does not count. */
  async follow(uri: string, capabilities: JsonObject, limits: UpstreamLimits): Promise<UpstreamReply> {
    const { resources } = capabilities;
    if (!isJsonObject(resources) || resources['subscribe'] !== true) {
      return {
        kind: 'error',
        code: METHOD_NOT_FOUND,
        message: 'the server tells of no changes of resources',
      };
    }
    const count = this.#counts.get(uri) ?? 0;
    if (count === 0 && this.#counts.size >= MAX_FOLLOWED) {
      throw new UpstreamError('unavailable', `too many resources of server \`${this.#server}\` are followed`);
    }
    this.#counts.set(uri, count + 1);
    let honoured = false;
    try {
      honoured = await within(this.#server, this.#listening.add(uri), limits);
    } finally {
      if (!honoured) this.#leave(uri);
    }
    if (honoured) return DONE;
    return {
      kind: 'error',
      code: INVALID_PARAMS,
      message: 'the server tells of no changes of this resource',
    };
  }

  unfollow(uri: string): UpstreamReply {
    this.#leave(uri);
    return DONE;
  }

  #leave(uri: string): void {
    const count = this.#counts.get(uri) ?? 0;
    if (count > 1) this.#counts.set(uri, count - 1);
    else if (this.#counts.delete(uri)) this.#listening.remove(uri);
  }
}
