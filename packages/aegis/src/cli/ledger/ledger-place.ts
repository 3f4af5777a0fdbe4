import type { LedgerPlace } from '../../keeper/place.ts';
import type { Arguments, Terminal } from '../command.ts';
import { configureOrBuiltIn } from '../configure.ts';

/** The ledger of the configuration, or of the built-in one where there is none. Fails with `CONFIG_INVALID`. */
export async function ledgerPlace(args: Arguments, terminal: Terminal): Promise<LedgerPlace> {
  const { configuration } = await configureOrBuiltIn(args, terminal);
  return { configuration, environment: terminal.environment };
}
