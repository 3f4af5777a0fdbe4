import type { ConfiguredPerson } from './configured/approvals.ts';
import type { Report } from './routes.ts';
import type { PersonEntry } from './schema.ts';

/** The people of a configuration. */
export function readPeople(entries: readonly PersonEntry[], report: Report): readonly ConfiguredPerson[] {
  return entries.flatMap(({ name, roles, tenant, token, token_sha256: digest }, index) => {
    const credential = token ?? (digest === undefined ? undefined : { sha256: digest });
    if (credential === undefined || (token !== undefined && digest !== undefined)) {
      const message = `\`${name}\` has ${credential === undefined ? 'no token' : 'two tokens'}`;
      report('bad-person', ['people', index], message, 'give `token`, or `token_sha256`');
      return [];
    }
    return [{ name, roles, tenant, credential }];
  });
}
