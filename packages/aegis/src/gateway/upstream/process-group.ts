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

/** Ends a child and its whole group: SIGTERM, then SIGKILL for whoever is still there. */
export async function endGroup(child: ChildProcess, graceMs = TERM_GRACE_MS): Promise<void> {
  if (child.pid === undefined) return;
  signalGroup(child, 'SIGTERM');
  if (child.exitCode === null && child.signalCode === null) {
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
    await once(child, 'exit');
    clearTimeout(timer);
  }
  // The leader is gone; a descendant that ignored SIGTERM may not be.
  signalGroup(child, 'SIGKILL');
}
