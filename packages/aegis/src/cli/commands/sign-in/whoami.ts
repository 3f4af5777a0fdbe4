import { printable } from '@aegis/core';
import { whoIsSignedIn } from '../../../daemon/log-in.ts';
import type { Command } from '../../command.ts';
import { EXIT } from '../../exit.ts';
import { daemonUrl, SIGN_IN_OPTIONS } from './place.ts';

export const whoami: Command = {
  options: SIGN_IN_OPTIONS,
  positionals: 0,
  async run(args, terminal) {
    const known = await whoIsSignedIn(await daemonUrl(args, terminal), terminal.environment);
    const { name, roles, tenant } = known;
    const line =
      args.options['json'] === true
        ? JSON.stringify(known)
        : printable(`${String(name)}  ${String(roles)}  ${String(tenant ?? 'every tenant')}`);
    terminal.stdout.write(`${line}\n`);
    return EXIT.ok;
  },
};
