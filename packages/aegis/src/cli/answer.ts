import type { Arguments, Terminal } from './command.ts';

/** The option of every command whose output is not a document of its own. */
export const JSON_OPTION = { json: { type: 'boolean' } } as const;

/** How a command that shows something, asks and does it answers people and programs. */
export interface Answer {
  readonly json: boolean;
  /** For people: with `--json` all of it goes to standard error. */
  readonly terminal: Terminal;
  /** For programs: one JSON object on standard output, with `--json` alone. */
  readonly give: (result: object) => void;
}

export function answering({ options }: Pick<Arguments, 'options'>, terminal: Terminal): Answer {
  const json = options['json'] === true;
  return {
    json,
    terminal: json ? { ...terminal, stdout: terminal.stderr } : terminal,
    give: (result) => void (json && terminal.stdout.write(`${JSON.stringify(result)}\n`)),
  };
}
