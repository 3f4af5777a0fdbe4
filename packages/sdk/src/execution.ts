import type { Action } from './action.ts';
import type { Json, JsonObject } from './json.ts';

/** Carries an action out, when it may be. `params` are what was approved: use them, not those proposed. */
export type Executor = (
  params: JsonObject,
  allowed: {
    readonly action: Action;
    /** Ends when the action has taken as long as it may. */
    readonly signal: AbortSignal;
  },
) => Promise<Json | undefined> | Json | undefined;

/** How one action is taken through Aegis. */
export interface ActionOptions {
  /** In place of the executor for the action's type. */
  readonly execute?: Executor;
  /** Whether to wait for a person where one must be asked; default true. */
  readonly wait?: boolean;
  /** Only asks what would be decided. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
}
