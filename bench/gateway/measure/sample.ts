import { quantile } from '../../report.ts';
import { closedLoop } from '../load/closed.ts';
import { openLoop } from '../load/open.ts';
import type { Session } from '../load/session.ts';
import type { Cell } from '../plan.ts';
import type { Target } from '../targets/target.ts';
import { treeCpu } from './process-tree.ts';

/** One round of one target. */
export interface Sample {
  readonly perSecond: number;
  /** Microseconds of the whole process tree per call. */
  readonly cpuUs: number;
  /** Of it, those of the server behind, where that is a child. */
  readonly childUs: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The part of the calls that were due that got an answer in time. */
  readonly kept: number;
}

/** What tells the server behind apart from the gateway that started it. */
const CHILD = 'stdio-server.js';

export async function takeSample(
  target: Target,
  sessions: readonly Session[],
  { pressure, bytes, roundMs }: Pick<Cell, 'pressure' | 'bytes' | 'roundMs'>,
): Promise<Sample> {
  const before = treeCpu(target.pid, CHILD);
  const load =
    pressure.kind === 'closed'
      ? await closedLoop(sessions, bytes, roundMs)
      : await openLoop(sessions, bytes, roundMs, pressure.perSecond);
  const after = treeCpu(target.pid, CHILD);
  return {
    perSecond: load.answered / load.seconds,
    cpuUs: (after.us - before.us) / load.answered,
    childUs: (after.markedUs - before.markedUs) / load.answered,
    p50: quantile(load.latencies, 0.5),
    p99: quantile(load.latencies, 0.99),
    kept: load.answered / load.due,
  };
}
