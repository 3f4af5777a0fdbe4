import { AegisError } from '@aegis/core';
import type { Command } from '../../command.ts';
import { SCRIPTS, SHELLS } from '../../completion/scripts.ts';
import { EXIT } from '../../exit.ts';

export const completion: Command = {
  options: {},
  positionals: 1,
  async run({ positionals: [name] }, terminal) {
    const shell = SHELLS.find((known) => known === name);
    if (shell === undefined) {
      throw new AegisError('USAGE', 'name a shell', { help: `aegis completion ${SHELLS.join(' | ')}` });
    }
    terminal.stdout.write(SCRIPTS[shell]);
    return EXIT.ok;
  },
};
