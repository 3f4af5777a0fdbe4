import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** The most links without a target that are followed one after the other; the system's own limit is 40. */
const MAX_LINKS = 40;

/**
 * A path as the system walks it: the real path of the deepest ancestor that exists, and the rest as it
 * is. Throws what the system says of a path that cannot be known: a loop of links, a folder that may
 * not be read.
 */
export function resolvePath(path: string): string {
  return belowAbsence(path) ?? walk(path, MAX_LINKS);
}

/** The topmost path that was seen not to be there: many calls are about files of one folder on another machine. */
let absent: string | undefined;

/** The answer for what lies below it, where it is still not there; undefined when that has to be found out. */
function belowAbsence(path: string): string | undefined {
  if (absent === undefined || !path.startsWith(absent) || path.length > MAX_REMEMBERED) return undefined;
  if ((path.length > absent.length && path[absent.length] !== '/') || isThere(absent)) return undefined;
  const parent = dirname(absent);
  const real = realPath(parent);
  return real === undefined ? undefined : join(real, path.slice(parent === '/' ? 1 : parent.length + 1));
}

function remember(folder: string, name = '..'): void {
  if (name !== '..' && name !== '.') absent = folder === '/' ? `/${name}` : `${folder}/${name}`;
}

/** Longer paths may be too long for the system, which then says so. */
const MAX_REMEMBERED = 1_024;

function walk(path: string, links: number): string {
  const rest: string[] = [];
  for (let ancestor = path; ; ancestor = dirname(ancestor)) {
    if (isThere(ancestor)) {
      const real = realPath(ancestor);
      if (real !== undefined) {
        remember(ancestor, rest[0]);
        return join(real, ...rest);
      }
      // SECURITY: a link without a target. Whoever writes to it makes the target.
      return walk(join(targetOf(ancestor, links), ...rest), links - 1);
    }
    if (dirname(ancestor) === ancestor) return path;
    rest.unshift(basename(ancestor));
  }
}

// Without an exception where there is nothing, which is what most paths of calls are about.
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function targetOf(link: string, links: number): string {
  if (links === 0) throw new Error('ELOOP: too many symbolic links');
  return resolve(realpathSync.native(dirname(link)), readlinkSync(link));
}
