import type { Configuration } from '../config/configuration.ts';
import type { Environment } from '../daemon/environment.ts';

/** Which ledger somebody works on. */
export interface LedgerPlace {
  readonly configuration: Configuration;
  readonly environment: Environment;
}
