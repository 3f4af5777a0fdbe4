// Loaded into a daemon: on SIGUSR2 it collects its garbage and appends to a file what is left.
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

process.on('SIGUSR2', () => void report());

async function report(): Promise<void> {
  globalThis.gc?.();
  // What finalizers free is gone after another turn.
  await sleep(50);
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  appendFileSync(process.env['SELF_REPORT'] ?? '', `${JSON.stringify({ heapUsed, external })}\n`);
}
