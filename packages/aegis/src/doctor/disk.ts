import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Check, ok, problem, warning } from './check.ts';

const MEBIBYTE = 1024 * 1024;

/** Whether there is room for the ledger: when it cannot be written, every call is denied. */
export function disk(folder: string): Check {
  return {
    name: 'disk',
    async run() {
      const { bavail, bsize } = await statfs(folder).catch(() => statfs(dirname(folder)));
      const free = Math.floor((bavail * bsize) / MEBIBYTE);
      const detail = `${free} MiB are free for the ledger`;
      if (free < 64)
        return problem(detail, 'make room: when the ledger cannot be written every call is denied');
      if (free < 1024) return warning(detail, 'make room soon, or archive: `aegis ledger archive --help`');
      return ok(detail);
    },
  };
}
