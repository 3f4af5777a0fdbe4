import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { type Check, ok, problem } from './check.ts';

/** A program that a server is started with. */
export interface Program {
  readonly server: string;
  readonly command: string;
  readonly cwd: string;
}

/** Whether the programs of the servers are there; whether they work, `aegis mcp list` tries. */
export function servers(programs: readonly Program[], path: string | undefined): Check {
  return {
    name: 'servers',
    async run() {
      const missing: string[] = [];
      for (const { server, command, cwd } of programs) {
        if (!(await programIsThere(command, cwd, path ?? '')))
          missing.push(`\`${command}\` of \`${server}\``);
      }
      if (missing.length > 0)
        return problem(`no program ${missing.join(', ')}`, 'install it, or name it with its whole path');
      return ok(`${programs.length} with their programs; \`aegis mcp list\` tries them`);
    },
  };
}

/** Whether a program can be started by that name: on `PATH`, or where its path leads from `cwd`. */
export async function programIsThere(command: string, cwd: string, path: string): Promise<boolean> {
  const places =
    isAbsolute(command) || command.includes('/')
      ? [resolve(cwd, command)]
      : path.split(delimiter).map((folder) => join(folder, command));
  for (const place of places) {
    const names = process.platform === 'win32' ? [place, `${place}.exe`, `${place}.cmd`] : [place];
    for (const name of names) {
      const found = await access(name, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return true;
    }
  }
  return false;
}
