import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { segmentsOf } from './key.ts';

export interface ObjectStat {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** Hex digest of the content. */
  readonly sha256: string;
}

/** Objects as files in one folder. Every function throws on a bad key or a missing object. */
export interface ObjectStore {
  list(prefix?: string): string[];
  get(key: string): string;
  put(key: string, text: string): ObjectStat;
  stat(key: string): ObjectStat;
  /** Copies `silver/<name>` to `gold/<name>` byte for byte. */
  promote(key: string): ObjectStat;
}

/** Opens the folder, which must exist. */
export function openObjectStore(folder: string): ObjectStore {
  const root = realpathSync(folder);

  const read = (key: string): Buffer => {
    const file = join(root, ...segmentsOf(key));
    try {
      assertInside(root, realpathSync(file));
      return readFileSync(file);
    } catch (cause) {
      throw new Error(`no such object \`${key}\``, { cause });
    }
  };

  const write = (key: string, bytes: Buffer): ObjectStat => {
    const file = join(root, ...segmentsOf(key));
    mkdirSync(dirname(file), { recursive: true });
    assertInside(root, realpathSync(dirname(file)));
    // Readers see the old object or the new one, never half of it; a symbolic link is replaced, not followed.
    const draft = `${file}.${randomUUID()}.draft`;
    writeFileSync(draft, bytes, { flag: 'wx' });
    renameSync(draft, file);
    return describe(key, bytes);
  };

  return {
    list: (prefix = '') =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.endsWith('.draft'))
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter((key) => key.startsWith(prefix))
        .sort(),

    get: (key) => read(key).toString('utf8'),
    put: (key, text) => write(key, Buffer.from(text, 'utf8')),
    stat: (key) => describe(key, read(key)),

    promote: (key) => {
      const [zone, ...name] = segmentsOf(key);
      if (zone !== 'silver' || name.length === 0) throw new Error('only `silver/...` can be promoted');
      return write(['gold', ...name].join('/'), read(key));
    },
  };
}

function assertInside(root: string, real: string): void {
  if (real !== root && !real.startsWith(root + sep)) throw new Error('the object lies outside the store');
}

function describe(key: string, bytes: Buffer): ObjectStat {
  return { key, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
