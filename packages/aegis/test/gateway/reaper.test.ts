import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAlive, serverFile, until } from './upstreams.ts';

/** A killed process that nobody has waited for yet still has an id; it is as good as gone. */
function isRunning(pid: number): boolean {
  if (!isAlive(pid)) return false;
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

describe.skipIf(process.platform === 'win32')('the reaper', () => {
  it('ends every watched group when its process is killed and can clean up nothing', async () => {
    const parent = spawn(process.execPath, [serverFile('reaped')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const [watched, forgotten, last] = JSON.parse(chunk.toString()) as [number, number, number];
    try {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
      expect([watched, last].map(isRunning)).toEqual([true, true]);
      await until('the watched groups are gone', () => !isRunning(watched) && !isRunning(last));
      expect(isRunning(forgotten)).toBe(true);
    } finally {
      process.kill(-forgotten, 'SIGKILL');
    }
  });
});
