import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFolder, SCAN_LIMITS } from '../../src/scanner/read-folder.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'aegis-scan-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, content: string | Buffer): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
}

async function entries(options = { dependencies: false }) {
  return (await readFolder(root, options)).entries.map((entry) => `${entry.kind} ${entry.path}`);
}

describe('a folder that is scanned', () => {
  it('is read in order, with a digest of each file', async () => {
    file('b.py', 'x = 1\n');
    file('a/SKILL.md', '# x\n');
    const { entries: read, digests } = await readFolder(root, { dependencies: false });
    expect(read.map(({ path }) => path)).toEqual(['a/SKILL.md', 'b.py']);
    expect(digests.get('b.py')).toBe('9e26bf369911c45c243c684147b23fc9e1dcfcf257d299a1c632016a6fcd33f4');
  });

  it('is not left by a link, and a link in it is read where it leads', async () => {
    file('real.txt', 'x');
    symlinkSync('/etc/hostname', join(root, 'outside'));
    symlinkSync('real.txt', join(root, 'inside'));
    symlinkSync('/nowhere/at/all', join(root, 'dangling'));
    symlinkSync('..', join(root, 'up'));
    expect(await entries()).toEqual(['link dangling', 'link outside', 'text real.txt', 'link up']);
  });

  it('says what is a program that nobody can read, whatever its name', async () => {
    file('logo.png.txt', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]));
    file('x.pyc', Buffer.from([0xa7, 0x0d, 0x0d, 0x0a, 0, 0, 0, 0]));
    file('picture.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]));
    expect(await entries()).toEqual(['binary logo.png.txt', 'binary x.pyc']);
  });

  it('leaves dependencies out unless they are asked for, and says so', async () => {
    file('node_modules/x/index.js', 'x');
    file('.git/config', 'x');
    file('index.js', 'x');
    const { skipped } = await readFolder(root, { dependencies: false });
    expect([await entries(), skipped]).toEqual([['text index.js'], ['.git', 'node_modules']]);
    expect(await entries({ dependencies: true })).toEqual(['text index.js', 'text node_modules/x/index.js']);
  });

  it('says what is too large to be read', async () => {
    file('big.js', Buffer.alloc(SCAN_LIMITS.fileBytes + 1, 'x'));
    expect(await entries()).toEqual(['unread big.js']);
  });

  it('says what is too deep to be read', async () => {
    file(
      `${Array<string>(SCAN_LIMITS.depth + 1)
        .fill('d')
        .join('/')}/x.js`,
      'x',
    );
    expect((await entries()).join()).toMatch(/^unread d\/d/);
  });

  it('can be a file alone', async () => {
    file('a.py', 'x');
    file('b.py', 'x');
    const { entries: read } = await readFolder(join(root, 'a.py'), { dependencies: false });
    expect(read.map(({ path }) => path)).toEqual(['a.py']);
  });

  it('must be there', async () => {
    await expect(readFolder(join(root, 'none'), { dependencies: false })).rejects.toThrow('ENOENT');
  });
});
