import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { INSTALLATION_LOG } from '../../src/ledger-ports.ts';
import { collect } from '../store/session-writer.ts';
import { line } from './checkpoint-line.ts';
import { type Ground, ground, openLedger } from './ground.ts';

const sealer = fileURLToPath(new URL('./sealer-process.ts', import.meta.url));

describe('several processes that seal one ledger', () => {
  it('sign one line of checkpoints', { timeout: 60_000 }, async () => {
    const place = ground();
    const children = ['a', 'b', 'c'].map((name) => run(place, name, 15));
    for (const child of children) expect(await child.errors).toBe('');
    const ledger = await openLedger(place);
    const sizes = await line(ledger, place, 'acme');
    expect(sizes.at(-1)).toBe(45);
    expect(sizes.length).toBeGreaterThan(10);
    await line(ledger, place, INSTALLATION_LOG);
  });
});

describe('a process that is killed while it seals and signs', () => {
  it('leaves a ledger that opens, with everything that it had signed', { timeout: 120_000 }, async () => {
    const place = ground();
    let signed = 0;
    for (let round = 0; round < 12; round++) {
      const child = run(place, `k${round}`, 0);
      let lines = 0;
      for await (const size of child.lines) {
        signed = Number(size);
        if (++lines > round) break;
      }
      await setTimeout(Math.random() * 15);
      child.kill();
      await child.errors;
    }
    const ledger = await openLedger(place);
    await ledger.sealNow();
    const sizes = await line(ledger, place, 'acme');
    expect(sizes.at(-1)).toBeGreaterThanOrEqual(signed);
    expect(sizes.at(-1)).toBe((await collect(ledger.entries())).length);
    await line(ledger, place, INSTALLATION_LOG);
    expect(ledger.problem()).toBeUndefined();
  });
});

interface Running {
  readonly lines: AsyncIterable<string>;
  readonly errors: Promise<string>;
  kill(): void;
}

/** A process that seals; 0 events: until it is killed. */
function run({ ledger, keys }: Ground, name: string, events: number): Running {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@aegis/source',
      '--disable-warning=ExperimentalWarning',
      sealer,
      ledger,
      keys,
      name,
      String(events),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = once(child, 'close').then(() => errors);
  return {
    lines: createInterface({ input: child.stdout }),
    errors: ended,
    kill: () => child.kill('SIGKILL'),
  };
}
