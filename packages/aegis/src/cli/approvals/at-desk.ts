import { existsSync } from 'node:fs';
import { AegisError } from '@aegis/core';
import { type Approvals, withApprovals } from '../../daemon/approvals.ts';
import type { Person } from '../../ports.ts';
import type { Arguments, Terminal } from '../command.ts';
import { configureOrBuiltIn } from '../configure.ts';
import { operatingSystemUser } from '../person.ts';
import { warner } from '../warner.ts';

/** Works at the desk of the ledger that the configuration names. Fails with `STORE_UNAVAILABLE` where there is none. */
export async function atDesk<T>(
  args: Arguments,
  terminal: Terminal,
  work: (approvals: Approvals) => Promise<T>,
): Promise<T> {
  const { configuration } = await configureOrBuiltIn(args, terminal);
  const { store } = configuration;
  if (store.kind === 'sqlite' && !existsSync(store.file)) {
    throw new AegisError('STORE_UNAVAILABLE', `there is no ledger at \`${store.file}\``, {
      why: 'nothing was recorded with this configuration yet',
      help: 'nothing was ever asked: start Aegis first, or name another configuration with --config',
    });
  }
  return withApprovals(configuration, terminal.environment, warner(terminal), work);
}

/** Who sits here: the account of the operating system. Fails with `FORBIDDEN` when it may not approve. */
export function personHere({ people }: Approvals): Person {
  const account = operatingSystemUser();
  const person = people.byAccount(account);
  if (person !== undefined) return person;
  throw new AegisError('FORBIDDEN', `the account \`${account}\` is none of the approvers`, {
    help: 'name it under `approvers` of [approvals]',
  });
}
