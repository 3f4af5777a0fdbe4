import type { OpenCall, Snapshot } from './snapshot.ts';

/**
 * The calls that were allowed and of which no outcome is sealed, by id: after a crash nobody knows
 * whether they ran, and the session's next owner records them as `unknown`.
 */
export function openCallsWithoutOutcome({
  openCalls,
}: Snapshot): readonly (Pick<OpenCall, 'family' | 'stage'> & { readonly callId: string })[] {
  return [...openCalls]
    .filter(([, { stage }]) => stage === 'allowed' || stage === 'executed')
    .map(([callId, { family, stage }]) => ({ callId, family, stage }))
    .sort((a, b) => (a.callId < b.callId ? -1 : 1));
}
