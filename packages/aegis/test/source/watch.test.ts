import { mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Watch, watchFiles } from '../../src/source/watch.ts';

const NEVER_BY_ITSELF = 1_000_000_000;

let folder: string;
let watch: Watch;
let changes: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-watch-'));
  changes = 0;
  watch = watchFiles(() => void changes++, NEVER_BY_ITSELF);
});

afterEach(() => {
  watch.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string): string => join(folder, name);

/** How many changes are told of when it looks twice: once to see it, and once to see it unchanged. */
async function seen(): Promise<number> {
  await watch.look();
  await watch.look();
  return changes;
}

describe('files that are watched', () => {
  it('count as changed once when they are new to it, and then when they change', async () => {
    writeFileSync(file('a'), '1');
    watch.follow([file('a'), file('absent')]);
    expect(await seen()).toBe(1);
    expect(await seen()).toBe(1);
    writeFileSync(file('a'), '22');
    expect(await seen()).toBe(2);
    writeFileSync(file('absent'), 'now it is there');
    expect(await seen()).toBe(3);
    unlinkSync(file('a'));
    expect(await seen()).toBe(4);
    watch.again();
    expect(await seen()).toBe(5);
  });

  it('are seen when another file takes their place, or a link goes elsewhere', async () => {
    writeFileSync(file('a'), '1');
    writeFileSync(file('b'), '2');
    symlinkSync(file('a'), file('link'));
    watch.follow([file('link')]);
    expect(await seen()).toBe(1);
    symlinkSync(file('b'), file('link.new'));
    renameSync(file('link.new'), file('link'));
    expect(await seen()).toBe(2);
  });

  it('are not spoken of while they are being written', async () => {
    watch.follow([file('a')]);
    expect(await seen()).toBe(1);
    for (let length = 1; length < 10; length++) {
      writeFileSync(file('a'), 'x'.repeat(length));
      await watch.look();
    }
    expect(changes).toBe(1);
    await watch.look();
    expect(changes).toBe(2);
  });

  it('are looked at without being asked, and left alone after the end', async () => {
    const own = watchFiles(() => void changes++, 1);
    own.follow([file('a')]);
    await expect.poll(() => changes, { timeout: 10_000 }).toBe(1);
    own.close();
    writeFileSync(file('a'), '1');
    await own.look();
    await own.look();
    expect(changes).toBe(1);
  });
});
