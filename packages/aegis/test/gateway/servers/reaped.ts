// Starts two process groups that end at no signal but SIGKILL, one of which it forgets, and waits to be killed.
import { spawn } from 'node:child_process';
import { createReaper } from '../../../src/gateway/upstream/stdio/reaper.ts';

const reaper = createReaper();
const stubborn = 'process.on("SIGTERM",()=>{});process.stdout.write("up\\n");setInterval(()=>{},1000)';

function start(): Promise<number> {
  const child = spawn(process.execPath, ['-e', stubborn], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('not started');
  return new Promise((resolve) => child.stdout.once('data', () => resolve(pid)));
}

const [watched, forgotten, last] = [await start(), await start(), await start()];
for (const group of [watched, forgotten, last]) reaper.watch(group);
reaper.forget(forgotten);
process.stdout.write(`${JSON.stringify([watched, forgotten, last])}\n`);
setInterval(() => {}, 1_000);
