import { printable } from '@aegis/core';
import { logIn } from '../../../daemon/log-in.ts';
import type { Command } from '../../command.ts';
import { EXIT } from '../../exit.ts';
import { daemonUrl, SIGN_IN_OPTIONS } from './place.ts';

export const login: Command = {
  options: SIGN_IN_OPTIONS,
  positionals: 0,
  async run(args, terminal) {
    const url = await daemonUrl(args, terminal);
    const signedIn = await logIn(url, terminal.environment, (address) =>
      terminal.stderr.write(`open this in a browser on this machine:\n  ${address}\n`),
    );
    const { person, roles, tenant } = signedIn;
    const line =
      args.options['json'] === true
        ? JSON.stringify(signedIn)
        : printable(`signed in as ${String(person)} (${String(roles)}), ${String(tenant ?? 'every tenant')}`);
    terminal.stdout.write(`${line}\n`);
    return EXIT.ok;
  },
};
