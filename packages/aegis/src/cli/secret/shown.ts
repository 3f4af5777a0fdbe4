import type { Configuration } from '../../config/configuration.ts';
import type { SecretFacts } from '../../daemon/secret-changes.ts';
import { secretsNamedIn } from '../../daemon/secrets.ts';

/** What is shown of a secret, in wire names. */
export interface ShownSecret {
  readonly name: string;
  readonly version: number;
  readonly service?: string;
  readonly description?: string;
  readonly created: string;
  readonly changed: string;
  /** Where the configuration names it. */
  readonly named_at: readonly string[];
}

export function shownSecret(facts: SecretFacts, configuration: Configuration): ShownSecret {
  const { name, version, service, description, created_ms: created, changed_ms: changed } = facts;
  return {
    name,
    version,
    ...(service === undefined ? {} : { service }),
    ...(description === undefined ? {} : { description }),
    created: new Date(created).toISOString(),
    changed: new Date(changed).toISOString(),
    named_at: secretsNamedIn(configuration)
      .filter((one) => one.name === name)
      .map(({ at }) => at),
  };
}
