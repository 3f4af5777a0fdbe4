import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** How long a server has to end by itself after SIGTERM. */
const TERM_GRACE_MS = 2_000;

/** Signals a child and everything it started (it was spawned as the leader of a group of its own). */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // ESRCH: nobody is left in the group, which is what was wanted.
  }
}

/**
 * Ends a child: SIGTERM to its group, then SIGKILL when it is still there. What its group holds beyond
 * it is for whoever hears of its exit.
 */
export async function endGroup(child: ChildProcess, graceMs = TERM_GRACE_MS): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
  await once(child, 'exit');
  clearTimeout(timer);
}
