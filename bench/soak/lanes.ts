import type { Session } from '../gateway/load/session.ts';
import { nextCall } from '../gateway/load/traffic.ts';
import { USUAL_BYTES } from '../gateway/plan.ts';

/**
 * Keeps one call in flight on each lane until so many were sent; a lane goes round its sessions. Rejects at the first
 * answer that is not the right one. Gives the seconds that it took.
 */
export async function sendOn(lanes: readonly (readonly Session[])[], calls: number): Promise<number> {
  let sent = 0;
  const started = performance.now();
  await Promise.all(
    lanes.map(async (sessions) => {
      for (let turn = 0; sent < calls; turn++) {
        sent += 1;
        await sessions[turn % sessions.length]?.call(nextCall(USUAL_BYTES));
      }
    }),
  );
  return (performance.now() - started) / 1000;
}
