import type { ScanRule } from '../rule.ts';
import { startedCommands } from './command-calls.ts';

export const builtCommand: ScanRule = {
  id: 'exec.built_command',
  severity: 'high',
  title: 'a shell command that values are put into',
  why: 'Whoever chooses the value chooses the command: a `;`, a quote or a `$(...)` in it runs. Start the program itself with a list of arguments and no shell.',
  find: ({ code }) =>
    code === undefined
      ? []
      : startedCommands(code).flatMap(({ call, shell }) =>
          shell?.kind === 'built'
            ? [hit(call, `\`${call.name}\` runs a text that is put together from values`)]
            : [],
        ),
};

export const unknownCommand: ScanRule = {
  id: 'exec.unknown_command',
  severity: 'medium',
  title: 'a shell command that is known only when it runs',
  why: 'The text comes from somewhere else. If an agent or a server can choose it, they can run anything. Allow a list of programs instead.',
  find: ({ code }) =>
    code === undefined
      ? []
      : startedCommands(code).flatMap(({ call, shell }) =>
          shell !== undefined && shell.kind !== 'built' && shell.kind !== 'constant'
            ? [hit(call, `\`${call.name}\` runs a text that is known only when it runs`)]
            : [],
        ),
};

export const unknownProgram: ScanRule = {
  id: 'exec.unknown_program',
  severity: 'low',
  title: 'a program that is named only when it runs',
  why: 'Which program is started cannot be seen here, so no manifest can name it.',
  find: ({ code }) =>
    code === undefined
      ? []
      : startedCommands(code).flatMap(({ call, program }) =>
          program !== undefined && program.kind !== 'constant'
            ? [hit(call, `\`${call.name}\` starts a program that is named only when it runs`)]
            : [],
        ),
};

function hit({ start, end }: { readonly start: number; readonly end: number }, message: string) {
  return { start, end, message, capability: 'exec' } as const;
}
