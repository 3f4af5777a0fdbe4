import { accessSync, constants, fstatSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** These go on until they are stopped: what they hold counts for longer than what it costs to hold little. */
const SERVING = new Set(['start', 'daemon', 'mcp']);

/**
 * Room for objects that live for a moment (in megabytes), and how far the heap may grow (in percent of what lives) before
 * it is swept. Both can only be said to Node when it starts.
 */
const FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=40'];

/**
 * What glibc keeps outside of that heap: two arenas for all threads (one alone is crowded, and frays), and blocks from
 * 128 KB on go back when they are free. So they do at first, until one such block was given back: then glibc keeps
 * those of up to 32 MB, unless a limit is named.
 */
const ALLOCATOR = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

/** Begins the process anew with the heap of a server, where it is to serve and nobody else said how large it is. */
export function serveLean() {
  const { argv, execArgv, env, platform } = process;
  const said = [...execArgv, env.NODE_OPTIONS ?? ''].join(' ');
  const isOurs = !/semi[-_]space|heap[-_]growing|(?:heap|old[-_]space)[-_]size/.test(said);
  // `mcp list` and the like end at once.
  const serves = SERVING.has(argv[2]) && !/^[a-z]/.test(argv[3] ?? '');
  // A process with a channel to its parent, or with a debugger at it, would lose it.
  const isHeld = process.channel !== undefined || said.includes('--inspect');
  if (!serves || !isOurs || platform === 'win32' || isHeld) return;
  const program = fileURLToPath(new URL('aegis.js', import.meta.url));
  // Older releases of Node have no `execve`: there the heap is as Node makes it.
  const words = [process.execPath, ...FLAGS, ...execArgv, program, ...argv.slice(2)];
  try {
    // Of a program that is not there any more, some releases do not say so but abort.
    accessSync(process.execPath, constants.X_OK);
    if (readdirSync('/dev/fd').some(isHandedFile)) return;
    process.execve?.(process.execPath, words, { ...ALLOCATOR, ...env });
  } catch {
    // It may not (`--permission`), or cannot: it serves all the same.
  }
}

/** Whether a descriptor is a file that whoever started the process left open: a credential, a lock. It would be closed. */
function isHandedFile(name) {
  try {
    return Number(name) > 2 && fstatSync(Number(name)).isFile();
  } catch {
    return false;
  }
}
