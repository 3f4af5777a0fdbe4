import type { EventDraft } from '@aegis/core';
import type { SessionPlace } from '../ledger-ports.ts';
import { ContentTurns } from './content-turns.ts';
import { Session, type SessionPorts } from './session.ts';
import { unanswered, unknownOutcome } from './termination.ts';

/** Does the work when nobody else in this process works on the session. */
export type Claimed = (place: SessionPlace, work: () => Promise<void>) => Promise<void>;

/** A session that could not be taken up, and why. */
export interface Unrecovered {
  readonly place: SessionPlace;
  readonly why: string;
}

/**
 * Takes up sessions whose process is gone: each call that was allowed gets the outcome `unknown`, for
 * nobody saw how it ended, and each that was held for a person is denied. What else was not allowed stays as
 * it is, and the session is not ended. The sessions must belong to this process. Gives those that cannot be written to.
 */
export async function recoverSessions(
  ports: SessionPorts,
  places: readonly SessionPlace[],
  claimed: Claimed = (_, recover) => recover(),
): Promise<readonly Unrecovered[]> {
  const turns = new ContentTurns();
  const unrecovered: Unrecovered[] = [];
  for (const place of places) {
    try {
      await claimed(place, async () => recoverSession(await Session.reopen(place, turns, ports)));
    } catch (error) {
      unrecovered.push({ place, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return unrecovered;
}

/** Gives the calls of one session that nobody works in any more their outcomes. Rejects with `STORE_UNAVAILABLE`. */
export async function recoverSession(session: Session): Promise<void> {
  const { openCalls, terminated } = session.snapshot;
  if (terminated) return;
  const [first, ...others] = [...openCalls].flatMap(([id, call]): EventDraft | readonly [] => {
    if (call.stage === 'allowed' || call.stage === 'executed') return unknownOutcome(id, call);
    // The answer can still come, and is good for the call when it is made again.
    return call.passage === 'asked' ? unanswered(id, call, 'the process that held it is gone') : [];
  });
  if (first !== undefined) await session.record([first, ...others]);
}
