import type { Caller } from '../../../enforce/door.ts';
import type { FrontContext } from '../session/context.ts';
import type { Endpoint } from './endpoint.ts';

/** Where a request came in, and from whom. */
export interface Place {
  readonly endpoint: Endpoint;
  /** Tells endpoints apart: a session is good for its own only. */
  readonly key: string;
  readonly context: FrontContext;
  readonly caller: Caller;
}
