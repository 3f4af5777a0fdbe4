// What looks for leaks must see them.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createPlace } from './place.ts';
import { descendantsOf, descriptorsOf, processesMarked, residentOf } from './processes.ts';
import { settle } from './settle.ts';

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function start(
  code: string,
  environment: Readonly<Record<string, string>> = {},
  ...args: string[]
): ChildProcess {
  const child = spawn(process.execPath, ['-e', code, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  return child;
}

describe.skipIf(process.platform !== 'linux')('what looks for leaks', () => {
  it('sees a process by its arguments and by its environment, and no more when it has ended', async () => {
    const marker = `seen-${randomBytes(8).toString('hex')}`;
    expect(processesMarked(marker)).toEqual([]);
    const byArgument = start('setInterval(() => {}, 1000)', {}, marker);
    const byEnvironment = start('setInterval(() => {}, 1000)', { MARKED: marker });
    const pids = [byArgument.pid, byEnvironment.pid];
    expect(
      await settle(
        () => processesMarked(marker),
        ({ length }) => length === 2,
      ),
    ).toEqual(expect.arrayContaining(pids));
    expect(descendantsOf(process.pid)).toEqual(expect.arrayContaining(pids));
    byArgument.kill('SIGKILL');
    byEnvironment.kill('SIGKILL');
    expect(
      await settle(
        () => processesMarked(marker),
        ({ length }) => length === 0,
      ),
    ).toEqual([]);
  });

  it('sees files, listeners and connections', async () => {
    const child = start(`
      const server = require('node:net').createServer(() => {});
      server.listen(0, '127.0.0.1', () => console.log(server.address().port));
      process.on('SIGUSR1', () => require('node:fs').openSync('/dev/null'));
    `);
    const [chunk] = (await once(child.stdout as NonNullable<typeof child.stdout>, 'data')) as [Buffer];
    const pid = child.pid as number;
    const before = descriptorsOf(pid);
    expect(before).toMatchObject({ listening: 1, connections: 0 });
    const socket = connect(Number(chunk.toString()), '127.0.0.1');
    child.kill('SIGUSR1');
    const after = await settle(
      () => descriptorsOf(pid),
      ({ open, connections }) => connections === 1 && sum(open) === sum(before.open) + 2,
    );
    socket.destroy();
    const { socket: sockets = 0, '/dev/null': files = 0 } = before.open;
    const open = { ...before.open, socket: sockets + 1, '/dev/null': files + 1 };
    expect(after).toEqual({ open, listening: 1, connections: 1 });
  });

  it('sees memory that is kept, and none that is garbage', async () => {
    const place = createPlace([], []);
    try {
      const child = start(
        `
        const kept = [];
        const make = () => Array.from({ length: 200_000 }, (_, n) => ({ n }));
        process.on('SIGUSR1', () => (kept.length === 0 ? kept.push(0) && make() : kept.push(make())));
        setInterval(() => {}, 1000);
        console.log('ready');
        `,
        place.environment,
      );
      await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
      const pid = child.pid as number;
      const before = await place.selfReport(pid);
      child.kill('SIGUSR1');
      const withGarbage = await place.selfReport(pid);
      child.kill('SIGUSR1');
      const withMore = await place.selfReport(pid);
      expect(withGarbage.heapUsed - before.heapUsed).toBeLessThan(1024 * 1024);
      expect(withMore.heapUsed - withGarbage.heapUsed).toBeGreaterThan(2 * 1024 * 1024);
      expect(residentOf(pid)).toBeGreaterThan(withMore.heapUsed);
    } finally {
      place.remove();
    }
  });
});

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
