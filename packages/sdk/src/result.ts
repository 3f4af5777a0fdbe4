import type { Action } from './action.ts';
import type { Decision, Denial } from './door.ts';
import type { JsonObject } from './json.ts';

/** What came of an action. */
export type Result =
  /** It was carried out. `value` is what may be gone on with: masked as policy says. */
  | { readonly status: 'success'; readonly action: Action; readonly value: JsonObject; readonly id: string }
  /** It was allowed, and failed when it was carried out. */
  | { readonly status: 'failed'; readonly action: Action; readonly error: string; readonly id: string }
  /** Policy does not allow it, or not yet (`denial.approval`), or what came of it is withheld (`ran`). */
  | { readonly status: 'blocked'; readonly action: Action; readonly denial: Denial; readonly ran: boolean }
  /** A person was asked, and did not approve. */
  | { readonly status: 'denied'; readonly action: Action; readonly denial: Denial }
  /** It was not tried: why, and in a dry run what would be decided. */
  | {
      readonly status: 'skipped';
      readonly action: Action;
      readonly why: string;
      readonly decision?: Decision;
    };

/** A result in one line, for people. */
export function describe(result: Result): string {
  const { type, target } = result.action;
  const what = `${type} ${target}`;
  switch (result.status) {
    case 'success':
      return `${what}: done`;
    case 'failed':
      return `${what}: failed: ${result.error}`;
    case 'blocked':
    case 'denied':
      return `${what}: ${result.status}: ${result.denial.message} (${result.denial.code})`;
    case 'skipped':
      return `${what}: skipped: ${result.why}`;
  }
}
