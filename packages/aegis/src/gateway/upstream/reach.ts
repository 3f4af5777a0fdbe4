import { UpstreamError } from '../../ports.ts';
import type { UpstreamLink, UpstreamServer } from './server.ts';

/** How often a server that could not be reached is tried again for whoever asks after it, in milliseconds. */
const RETRY_MS = 5_000;

/** A server, and whether it could be reached when it was last asked for something. */
export interface ReachedUpstream {
  readonly upstream: UpstreamServer;
  /** Why it could not be reached; undefined when it could, or was not asked. Whoever asks has it tried again. */
  readonly problem: () => string | undefined;
}

/** Notes of everything that a server is asked whether it was there. */
export function noteReach(server: UpstreamServer): ReachedUpstream {
  let problem: string | undefined;
  let triedMs = Number.NEGATIVE_INFINITY;
  const reached = (): void => {
    problem = undefined;
  };
  const failed = (error: unknown): void => {
    if (error instanceof UpstreamError && error.failure === 'unavailable') problem = error.message;
  };
  const noted = <T>(asking: Promise<T>): Promise<T> => {
    asking.then(reached, failed);
    return asking;
  };
  const linked = (link: UpstreamLink): UpstreamLink => ({
    request: (...asked) => noted(link.request(...asked)),
    follow: (...asked) => noted(link.follow(...asked)),
    unfollow: (...asked) => link.unfollow(...asked),
    onUpdated: (listener) => link.onUpdated(listener),
    onNotice: (listener) => link.onNotice(listener),
    tell: (method) => link.tell(method),
    close: () => link.close(),
  });
  const upstream: UpstreamServer = {
    ...linked(server),
    name: server.name,
    isolated: server.isolated,
    get stray() {
      return server.stray;
    },
    get description() {
      return server.description;
    },
    start: () => noted(server.start()),
    open: (capabilities) => linked(server.open(capabilities)),
    list: (kind) => noted(server.list(kind)),
    onListChanged: (listener) => server.onListChanged(listener),
  };
  return {
    upstream,
    problem: () => {
      const nowMs = performance.now();
      if (problem !== undefined && nowMs - triedMs >= RETRY_MS) {
        triedMs = nowMs;
        // Nobody sends calls to a daemon that is not ready: then this alone finds out that the server is back.
        upstream.list('tools').catch(() => {});
      }
      return problem;
    },
  };
}
