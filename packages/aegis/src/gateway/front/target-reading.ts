import type { JsonObject, Resource } from '@aegis/core';
import type { Route } from '../routes/route.ts';
import type { UpstreamServer } from '../upstream/server.ts';

/** What a governed request acts on, and what its upstream would be sent. */
export interface Target {
  readonly upstream: UpstreamServer;
  readonly resource: Resource;
  /** What is judged. */
  readonly args: JsonObject;
  /**
   * What is sent: the judged arguments, and names.
   *
   * SECURITY: nothing else of the client's message goes on, its `_meta` included.
   */
  readonly params: JsonObject;
}

export type TargetReading =
  | { readonly kind: 'target'; readonly target: Target; readonly unknown: string }
  /** A tool of several servers: one target for each of them, in the order of the route. */
  | {
      readonly kind: 'fan_out';
      readonly route: Route;
      readonly targets: readonly Target[];
      readonly unknown: string;
    }
  /** There is no such thing; `unknown` says so. */
  | { readonly kind: 'unknown'; readonly unknown: string }
  | { readonly kind: 'invalid'; readonly message: string };

/**
 * The target with the arguments that were judged, where those are others than it came with.
 *
 * SECURITY: what is sent is what was judged. Where the two cannot be told to be the same, nothing is.
 */
export function withArguments(target: Target, judged: JsonObject): Target {
  if (judged === target.args) return target;
  if (target.params['arguments'] !== target.args) throw new TypeError('these arguments cannot be replaced');
  return { ...target, args: judged, params: { ...target.params, arguments: judged } };
}
