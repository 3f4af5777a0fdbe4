import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Load } from './load.ts';
import type { Session } from './session.ts';
import { nextCall } from './traffic.ts';

/**
 * Sends calls at a fixed rate for a while, whatever becomes of them. A latency counts from the moment at
 * which the call was due, so a call that waits for a free session waits on the target's account; one that
 * was still waiting at the end counts with what it had waited.
 */
export async function openLoop(
  sessions: readonly Session[],
  bytes: number,
  milliseconds: number,
  perSecond: number,
): Promise<Load> {
  const interval = 1000 / perSecond;
  const pace = await Pace.start(interval);
  const latencies: number[] = [];
  const waiting: number[] = [];
  const free = [...sessions];
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];

  const use = async (session: Session, first: number): Promise<void> => {
    for (let due: number | undefined = first; due !== undefined; due = waiting.shift()) {
      await session.call(nextCall(bytes));
      latencies.push(performance.now() - due);
    }
    free.push(session);
  };
  const send = (session: Session, due: number): void => {
    const used = use(session, due)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => void underWay.delete(used));
    underWay.add(used);
  };

  const started = performance.now();
  const due = Math.floor(milliseconds / interval);
  let sent = 0;
  while (sent < due && failures.length === 0) {
    await pace.tick();
    for (let at = started + sent * interval; sent < due && at <= performance.now(); at += interval) {
      sent += 1;
      const session = free.pop();
      if (session === undefined) waiting.push(at);
      else send(session, at);
    }
  }
  await pace.stop();
  const ended = performance.now();
  const unsent = waiting.splice(0).map((intended) => ended - intended);
  while (underWay.size > 0) await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
  const answered = latencies.length;
  return {
    answered,
    due,
    seconds: (performance.now() - started) / 1000,
    latencies: [...latencies, ...unsent],
  };
}

/** Wakes the event loop more evenly than its own timers do, which know whole milliseconds only. */
class Pace {
  readonly #worker: Worker;

  private constructor(worker: Worker) {
    this.#worker = worker;
  }

  static async start(interval: number): Promise<Pace> {
    const worker = new Worker(new URL('./pace.ts', import.meta.url), { workerData: interval });
    await once(worker, 'message');
    return new Pace(worker);
  }

  async tick(): Promise<void> {
    await once(this.#worker, 'message');
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
