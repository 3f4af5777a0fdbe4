import type { Configuration } from '../config/configuration.ts';
import { catalogueSchema } from '../source/cedar/catalogue-schema.ts';
import type { Environment } from './environment.ts';
import { readPinned } from './pinned.ts';

/** A Cedar schema of every tool that is in force, as the ledger has them. Fails with `STORE_UNAVAILABLE`. */
export async function cedarSchema(configuration: Configuration, environment: Environment): Promise<string> {
  const pins = await readPinned(configuration, environment);
  const tools = pins.flatMap(({ server, kind, name, state, pinned, broken }) =>
    kind !== 'tool' || state === 'gone' || broken || pinned === undefined
      ? []
      : [{ server, name, inputSchema: pinned.definition['inputSchema'] }],
  );
  return catalogueSchema(tools);
}
