/** Which tool names a route claims. */
export type RouteMatch =
  | { readonly kind: 'tool'; readonly name: string }
  /** Every name that starts so; the empty prefix is every name. */
  | { readonly kind: 'prefix'; readonly prefix: string };

/** How the servers of a route are called: all at the same time, or one after the other until one succeeds. */
export type RouteOrder = 'all' | 'first-success';

/**
 * When a call of all servers is an error: `partial` when none of them succeeded, `strict` as soon as one
 * failed.
 */
export type FailureRule = 'partial' | 'strict';

/** Tool names, and the servers that answer for them. `order` and `failure` speak of several servers. */
export interface Route {
  readonly match: RouteMatch;
  /** No server twice. */
  readonly servers: readonly [string, ...string[]];
  readonly order: RouteOrder;
  readonly failure: FailureRule;
}
