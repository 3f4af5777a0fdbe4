import type { JsonObject } from '@aegis/core';
import type { Kernel } from '../../../enforce/door.ts';
import { notificationText, type RequestId, resultText } from '../../jsonrpc.ts';
import { META_KEYS } from '../../upstream/modern/request.ts';
import type { ListKind } from '../../upstream/server.ts';
import { Following } from '../following.ts';
import { govern } from '../govern.ts';
import { readResource } from '../target.ts';
import { isOffered } from './discover.ts';
import type { Answer, Exchange } from './exchange.ts';
import { honoured, type ListChange, type SubscriptionFilter } from './filter.ts';
import type { Results } from './results.ts';
import type { Run } from './run.ts';

export interface SubscriptionOptions {
  readonly kernel: Kernel;
  readonly results: Results;
  readonly id: RequestId;
  readonly run: Run;
  readonly exchange: Exchange;
  readonly filter: SubscriptionFilter;
  /** What the client of this request can be asked: it decides over which line a server is reached. */
  readonly declared: JsonObject;
  readonly keepAliveMs: number;
}

/** One listening request (MCP 2026-07-28, "Subscriptions"): open until either side ends it. */
export class Subscription {
  readonly #options: SubscriptionOptions;
  readonly #following = new Following((server, uri) => this.#soon(() => this.#updated(server, uri)));
  readonly #uris: string[] = [];
  readonly #ended = Promise.withResolvers<'given up' | 'closed'>();
  #changes: readonly ListChange[] = [];
  /** What changed before the client was told what it listens to. */
  #early: (() => void)[] | undefined = [];

  constructor(options: SubscriptionOptions) {
    this.#options = options;
  }

  /** Ends it from our side. */
  close(): void {
    this.#ended.resolve('closed');
  }

  /** Fulfilled with the answer when it has ended. */
  async listen(): Promise<Answer> {
    const { exchange, filter, id, results, run, keepAliveMs } = this.#options;
    const { signal, catalogue } = exchange;
    const giveUp = (): void => this.#ended.resolve('given up');
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    const stops = [
      () => signal.removeEventListener('abort', giveUp),
      run.onEnd(() => this.close()),
      catalogue.onChange((kinds) => this.#soon(() => this.#listsChanged(kinds))),
    ];
    try {
      this.#changes = filter.changes.filter(({ capability }) => isOffered(catalogue, capability));
      for (const uri of filter.uris) {
        if (signal.aborted) break;
        if (await this.#follow(uri)) this.#uris.push(uri);
      }
      // INVARIANT: what the client listens to is told before anything else.
      const notifications = honoured(this.#changes, this.#uris);
      this.#tell('notifications/subscriptions/acknowledged', { notifications });
      const early = this.#early ?? [];
      this.#early = undefined;
      for (const change of early) change();
      exchange.keepAlive(keepAliveMs);
      await this.#ended.promise;
    } finally {
      for (const stop of stops) stop();
      void this.#following.close();
    }
    const result = results.complete({ _meta: { [META_KEYS.subscriptionId]: id } });
    return { text: resultText(id, result), status: 200 };
  }

  /** Takes the following of one resource through the kernel; false when it is not followed. */
  async #follow(uri: string): Promise<boolean> {
    const { kernel, run, exchange, declared } = this.#options;
    const { signal, catalogue } = exchange;
    const request = { method: 'resources/subscribe', signal };
    const reading = readResource({ uri }, catalogue);
    const governed = await govern(kernel, run.handle, request, reading, ({ upstream, resource }, limits) =>
      this.#following.follow(resource, run.link(upstream, declared), limits),
    );
    return governed.kind === 'result';
  }

  #soon(change: () => void): void {
    if (this.#early === undefined) change();
    else if (this.#early.length < MAX_EARLY) this.#early.push(change);
  }

  #listsChanged(kinds: readonly ListKind[]): void {
    for (const { kinds: wanted, method } of this.#changes) {
      if (kinds.some((kind) => wanted.includes(kind))) this.#tell(method, {});
    }
  }

  /**
   * SECURITY: who may no longer read a resource is no longer told that it changes. Of a part of what is
   * followed, which nobody has judged, it is told that the whole has changed.
   */
  #updated(server: string, changed: string): void {
    const { kernel, run } = this.#options;
    for (const uri of this.#uris.filter((followed) => isWithin(changed, followed))) {
      const resource = { kind: 'resource', server, name: uri } as const;
      if (kernel.visible(run.handle, 'resources/read', resource)) {
        this.#tell('notifications/resources/updated', { uri });
      }
    }
  }

  #tell(method: string, params: JsonObject): void {
    const { exchange, id } = this.#options;
    const sent = exchange.send(
      notificationText(method, { ...params, _meta: { [META_KEYS.subscriptionId]: id } }),
    );
    // A client that no longer reads is not served any more.
    if (!sent) this.#ended.resolve('given up');
  }
}

/** The most changes that are kept for a client that was not yet told what it listens to. */
const MAX_EARLY = 256;

function isWithin(uri: string, whole: string): boolean {
  return uri === whole || uri.startsWith(whole.endsWith('/') ? whole : `${whole}/`);
}
