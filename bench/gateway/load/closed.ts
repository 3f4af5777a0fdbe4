import type { Load } from './load.ts';
import type { Session } from './session.ts';
import { nextCall } from './traffic.ts';

/** Keeps one call of each session in flight for a while; a latency is that of the call alone. */
export async function closedLoop(
  sessions: readonly Session[],
  bytes: number,
  milliseconds: number,
): Promise<Load> {
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + milliseconds;
  await Promise.all(
    sessions.map(async (session) => {
      for (let sent = performance.now(); sent < until; ) {
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
