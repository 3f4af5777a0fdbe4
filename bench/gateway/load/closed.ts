import type { Load } from './load.ts';
import type { Session } from './session.ts';
import { nextCall } from './traffic.ts';

/** Keeps one call of each session in flight for a while; a latency is that of the call alone. */
export function closedLoop(sessions: readonly Session[], bytes: number, milliseconds: number): Promise<Load> {
  const until = performance.now() + milliseconds;
  return loop(sessions, bytes, (now) => now < until);
}

/** The same until so many calls were sent. */
export function closedLoopOf(sessions: readonly Session[], bytes: number, calls: number): Promise<Load> {
  let sent = 0;
  return loop(sessions, bytes, () => sent++ < calls);
}

async function loop(
  sessions: readonly Session[],
  bytes: number,
  goesOn: (now: number) => boolean,
): Promise<Load> {
  const latencies: number[] = [];
  const started = performance.now();
  await Promise.all(
    sessions.map(async (session) => {
      for (let sent = performance.now(); goesOn(sent); ) {
        await session.call(nextCall(bytes));
        const now = performance.now();
        latencies.push(now - sent);
        sent = now;
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  return { answered: latencies.length, due: latencies.length, seconds, latencies };
}
