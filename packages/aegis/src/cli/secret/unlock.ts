import type { Configuration } from '../../config/configuration.ts';
import type { Environment } from '../../daemon/environment.ts';
import { asksForPassphrase, PASSPHRASE, vaultExists } from '../../daemon/secrets.ts';
import type { Terminal } from '../command.ts';
import { askHidden, canAsk } from './hidden.ts';

/**
 * The environment with the passphrase of the vault in it, asked for on the terminal where the configuration says so
 * and nobody gave it yet; where nobody can be asked, the environment as it is.
 */
export async function unlocked(configuration: Configuration, terminal: Terminal): Promise<Environment> {
  const { environment } = terminal;
  if (!asksForPassphrase(configuration) || environment[PASSPHRASE] !== undefined || !canAsk(terminal)) {
    return environment;
  }
  const question = vaultExists(configuration) ? 'passphrase of the vault: ' : 'passphrase for a new vault: ';
  return { ...environment, [PASSPHRASE]: await askHidden(terminal, question) };
}
