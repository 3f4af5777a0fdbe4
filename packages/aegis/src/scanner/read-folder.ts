import { constants } from 'node:fs';
import { lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { AegisError, type ScannedEntry } from '@aegis/core';
import { sha256 } from '../platform.ts';
import { executableKind, textOf } from './file-kind.ts';

/** How much of a folder is read at most; what is beyond is said. */
export const SCAN_LIMITS = { files: 5_000, fileBytes: 2_097_152, totalBytes: 67_108_864, depth: 24 } as const;

/** Folders that hold what others published, or what is made from the sources. */
const DEPENDENCIES = new Set(['node_modules', '.venv', 'venv', 'site-packages', '.tox', 'vendor']);
const VERSIONED = new Set(['.git', '.hg', '.svn']);

/** A folder, or one file, as it was read. */
export interface ReadFolder {
  /** Absolute. */
  readonly root: string;
  readonly name: string;
  readonly entries: readonly ScannedEntry[];
  /** SHA-256 (hex) of every file that was read, by its path. */
  readonly digests: ReadonlyMap<string, string>;
  /** Folders that were left out, from the root. */
  readonly skipped: readonly string[];
}

/**
 * Reads what is to be scanned. Nothing in it is run, and no link is followed. Fails with `FILE_UNREADABLE` when
 * the folder itself cannot be read.
 */
export async function readFolder(
  path: string,
  options: { readonly dependencies: boolean },
): Promise<ReadFolder> {
  const root = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    throw new AegisError('FILE_UNREADABLE', `cannot read \`${path}\`: ${error.code ?? 'unknown error'}`);
  });
  const stat = await lstat(root);
  const folder = stat.isDirectory() ? root : dirname(root);
  const reading = new Reading(folder, options.dependencies);
  if (stat.isDirectory()) await reading.folder(root, 0);
  else await reading.file(root);
  const { entries, digests, skipped } = reading;
  return { root: folder, name: basename(stat.isDirectory() ? root : folder), entries, digests, skipped };
}

class Reading {
  readonly entries: ScannedEntry[] = [];
  readonly digests = new Map<string, string>();
  readonly skipped: string[] = [];
  readonly #root: string;
  readonly #dependencies: boolean;
  #left: number = SCAN_LIMITS.totalBytes;
  #full = false;

  constructor(root: string, dependencies: boolean) {
    this.#root = root;
    this.#dependencies = dependencies;
  }

  async folder(path: string, depth: number): Promise<void> {
    if (depth > SCAN_LIMITS.depth) return this.#unread(path, `deeper than ${SCAN_LIMITS.depth} folders`);
    let names: readonly string[];
    try {
      names = (await readdir(path)).toSorted();
    } catch (error) {
      return this.#unread(path, codeOf(error));
    }
    for (const name of names) {
      if (this.#full) return;
      const child = join(path, name);
      const stat = await lstat(child).catch(() => undefined);
      if (stat === undefined) continue;
      if (stat.isSymbolicLink()) await this.#link(child);
      else if (stat.isDirectory()) await this.#subfolder(child, name, depth);
      else if (stat.isFile()) await this.file(child);
    }
  }

  async file(path: string): Promise<void> {
    if (this.entries.length >= SCAN_LIMITS.files) {
      this.#full = true;
      return this.#unread(path, `this file and those behind it: there are more than ${SCAN_LIMITS.files}`);
    }
    const bytes = await this.#bytes(path);
    if (typeof bytes === 'string') return this.#unread(path, bytes);
    const name = this.#name(path);
    this.#left -= bytes.length;
    this.digests.set(name, sha256(bytes));
    const what = executableKind(name, bytes);
    const text = what === undefined ? textOf(bytes) : undefined;
    if (what !== undefined) this.entries.push({ kind: 'binary', path: name, what });
    else if (text !== undefined) this.entries.push({ kind: 'text', path: name, text });
  }

  async #subfolder(path: string, name: string, depth: number): Promise<void> {
    if (VERSIONED.has(name) || (!this.#dependencies && DEPENDENCIES.has(name)))
      this.skipped.push(this.#name(path));
    else await this.folder(path, depth + 1);
  }

  /** A text says why a file was not read. */
  async #bytes(path: string): Promise<Uint8Array | string> {
    try {
      // SECURITY: what has become a link meanwhile is not followed, and a pipe does not make us wait.
      const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
      try {
        const { size } = await handle.stat();
        if (size > SCAN_LIMITS.fileBytes) return `larger than ${SCAN_LIMITS.fileBytes} bytes`;
        if (size > this.#left) return `the files before it have ${SCAN_LIMITS.totalBytes} bytes`;
        const buffer = Buffer.alloc(size);
        const { bytesRead } = await handle.read(buffer, 0, size, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    } catch (error) {
      return codeOf(error);
    }
  }

  async #link(path: string): Promise<void> {
    const target = await realpath(path).catch(async () =>
      resolve(dirname(path), await readlink(path).catch(() => '')),
    );
    const inside = relative(this.#root, target);
    // What a link inside of the folder leads to is read where it is.
    if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside) {
      this.entries.push({ kind: 'link', path: this.#name(path) });
    }
  }

  #unread(path: string, why: string): void {
    this.entries.push({ kind: 'unread', path: this.#name(path), why });
  }

  #name(path: string): string {
    return relative(this.#root, path).split(sep).join('/');
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
