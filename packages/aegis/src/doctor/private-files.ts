import { stat } from 'node:fs/promises';
import { type Check, ok, problem } from './check.ts';

/** Whether files that hold credentials and keys are for their owner alone. */
export function privateFiles(name: string, files: readonly string[]): Check {
  return {
    name,
    async run() {
      const open: string[] = [];
      const missing: string[] = [];
      for (const file of files) {
        const found = await stat(file).catch(() => undefined);
        if (found === undefined) missing.push(file);
        // Windows keeps who may read elsewhere.
        else if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) open.push(file);
      }
      if (open.length > 0) {
        return problem(`others can read ${open.join(', ')}`, `chmod go-rwx ${open.join(' ')}`);
      }
      if (missing.length > 0)
        return problem(`there is no ${missing.join(', ')}`, 'write it, or name another one');
      return ok(files.length === 0 ? 'none' : `${files.length} for their owner alone`);
    },
  };
}
