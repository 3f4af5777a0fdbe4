import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { aegis, executable } from '../../../../test/e2e/aegis.ts';
import { sha256 } from '../../src/platform.ts';
import { ask, ORIGIN } from './asked-witness.ts';
import { ground } from './ground.ts';
import { Log } from './log.ts';

describe('aegis witness', () => {
  const log = new Log(ORIGIN);
  const cosigner = `w+${'0'.repeat(8)}+AA==`;

  it.each([
    ['no folder', ['--listen', '127.0.0.1:0', '--log', log.line], 'name its folder'],
    ['no log', ['--listen', '127.0.0.1:0', '--state', 'x'], 'name the key of a log'],
    ['no address', ['--log', log.line, '--state', 'x'], 'say where to listen'],
    ['an address without a port', ['--listen', 'localhost', '--log', log.line, '--state', 'x'], 'say where'],
    ['a key that is none', ['--listen', '127.0.0.1:0', '--log', cosigner, '--state', 'x'], 'is no key'],
  ])('with %s says what it needs', async (_, args, said) => {
    const { code, stderr } = await aegis(['witness', ...args], { cwd: ground().folder });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) });
  });
});

describe('a witness that is killed', () => {
  it('never forgets what it has cosigned', { timeout: 120_000 }, async () => {
    const { folder } = ground();
    const state = join(folder, 'state');
    const log = new Log(ORIGIN);
    const file = join(state, `${sha256(ORIGIN)}.note`);
    let answered = 0;
    let unheard = 0;
    for (let round = 0; round < 6; round++) {
      const child = spawn(
        process.execPath,
        [executable, 'witness', '--listen', '127.0.0.1:0', '--log', log.line, '--state', state],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const url = await new Promise<string>((found) => {
        createInterface({ input: child.stdout }).on('line', (line) => {
          if (line.startsWith('url: ')) found(line.slice(5));
        });
      });
      const gone = once(child, 'exit');
      const begun = Number((await ask(url, await log.submission(254, 254))).text) || 0;
      expect(begun).toBeGreaterThanOrEqual(answered);
      // The moment at which the state is durable and the answer not yet given.
      const watched = watch(state, (_, name) => {
        if (name === `${sha256(ORIGIN)}.note` && sizeIn(file) >= begun + 3) child.kill('SIGKILL');
      });
      for (let size = Math.max(begun, 1); size < 240; size++) {
        const asked = await ask(url, await log.submission(size - 1 < begun ? begun : size - 1, size)).catch(
          () => undefined,
        );
        if (asked === undefined) break;
        if (asked.status === 200) answered = size;
      }
      child.kill('SIGKILL');
      await gone;
      watched.close();
      if (sizeIn(file) > answered) unheard += 1;
      expect(sizeIn(file)).toBeGreaterThanOrEqual(answered);
    }
    expect(answered).toBeGreaterThan(6);
    // Some died between the one and the other.
    expect(unheard).toBeGreaterThan(0);
  });
});

function sizeIn(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split('\n')[1]);
  } catch {
    return 0;
  }
}
