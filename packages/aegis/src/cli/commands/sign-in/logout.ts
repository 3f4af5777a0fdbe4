import { AegisError } from '@aegis/core';
import { logOut } from '../../../daemon/log-in.ts';
import type { Command } from '../../command.ts';
import { EXIT } from '../../exit.ts';
import { daemonUrl, SIGN_IN_OPTIONS } from './place.ts';

export const logout: Command = {
  options: SIGN_IN_OPTIONS,
  positionals: 0,
  async run(args, terminal) {
    const url = await daemonUrl(args, terminal);
    if (!(await logOut(url, terminal.environment))) {
      throw new AegisError('UNAUTHENTICATED', 'you are not signed in');
    }
    const said = args.options['json'] === true ? JSON.stringify({ signed_in: false }) : 'signed out';
    terminal.stdout.write(`${said}\n`);
    return EXIT.ok;
  },
};
