import { counted } from '@aegis/core';
import type { LedgerView, StoredProcess } from '../ledger-ports.ts';

/** How the processes share the ledger. */
export interface LeaseState {
  readonly detail: string;
  /** What no process of Aegis leaves behind. */
  readonly problems: readonly string[];
}

/** What a process calls itself; one of before there were leases has the empty name. */
const WRITER = /^(prc_[0-9a-f]{32})?$/;

/** No process takes a lease for so long, and no clock is so wrong; in milliseconds. */
const LONGEST_MS = 15 * 60_000;

/** The most problems that are told one by one. */
const MAX_PROBLEMS = 20;

/** Looks at who holds the ledger's sessions: processes that live, that are gone, and names that are none. */
export async function leaseState(view: LedgerView, nowMs: number): Promise<LeaseState> {
  const processes = await view.processes();
  const problems = processes.flatMap((process) => problemOf(process, nowMs) ?? []);
  for (const { tenant, session, owner } of await view.misowned(MAX_PROBLEMS + 1)) {
    const place = `session \`${session}\` of tenant \`${tenant}\``;
    problems.push(
      owner === undefined
        ? `${place} has not ended and belongs to no process: nobody can go on with it`
        : `${place} has ended and belongs to the process \`${owner}\` all the same`,
    );
  }
  const more = problems.length - MAX_PROBLEMS;
  const told = problems.slice(0, MAX_PROBLEMS);
  return { detail: detailOf(processes, nowMs), problems: more > 0 ? [...told, `and ${more} more`] : told };
}

function problemOf({ writer, untilMs, sessions }: StoredProcess, nowMs: number): string | undefined {
  if (!WRITER.test(writer)) {
    const what = sessions === 0 ? 'a lease' : counted(sessions, 'session');
    return `${what} ${sessions > 1 ? 'belong' : 'belongs'} to \`${writer}\`, which is the name of no process`;
  }
  if (untilMs !== undefined && untilMs - nowMs > LONGEST_MS) {
    return `the lease of \`${writer}\` lasts until ${timeOf(untilMs)}, longer than any process takes one`;
  }
  return undefined;
}

function detailOf(processes: readonly StoredProcess[], nowMs: number): string {
  const lives = ({ untilMs }: StoredProcess): boolean => untilMs !== undefined && untilMs >= nowMs;
  const living = processes.filter(lives);
  const gone = processes.filter((process) => !lives(process) && process.sessions > 0);
  const held = living.reduce((sum, { sessions }) => sum + sessions, 0);
  const left = gone.reduce((sum, { sessions }) => sum + sessions, 0);
  const now =
    living.length === 0
      ? 'no process is running'
      : `${processesOf(living)} running with ${counted(held, 'open session')}, leases until ${timeOf(newestOf(living))}`;
  if (left === 0) return now;
  return `${now}; ${processesOf(gone)} gone and left ${counted(left, 'open session')}, which whoever runs next takes over`;
}

function processesOf({ length }: readonly StoredProcess[]): string {
  return length === 1 ? '1 process is' : `${length} processes are`;
}

function newestOf(processes: readonly StoredProcess[]): number {
  return Math.max(...processes.map(({ untilMs }) => untilMs ?? 0));
}

function timeOf(ms: number): string {
  // What was tampered with may be a time that no date has.
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}
