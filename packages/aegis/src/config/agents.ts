import { resolve } from 'node:path';
import type { ConfiguredAgent } from './configured/parties.ts';
import type { Report } from './routes.ts';
import type { AgentEntry } from './schema.ts';

/** The agents of a configuration, and how each is known. */
export function readAgents(
  entries: readonly AgentEntry[],
  have: { readonly clientRoots: boolean; readonly oauth: boolean },
  directory: string,
  report: Report,
): readonly ConfiguredAgent[] {
  const owners = new Map<string, string>();
  return entries.map(({ name, tenant = 'default', token, subject, certificate, manifest }, index) => {
    const fault = (message: string, help: string, key?: string): void => {
      report('bad-agent', ['agents', index, ...(key === undefined ? [] : [key])], message, help);
    };
    const own = (key: 'subject' | 'certificate', value: unknown): void => {
      const known = JSON.stringify([key, value]);
      const other = owners.get(known);
      if (other !== undefined)
        fault(`\`${other}\` has the same ${key}`, `give each a ${key} of its own`, key);
      owners.set(known, name);
    };
    if (token === undefined && subject === undefined && certificate === undefined) {
      fault(`\`${name}\` has nothing to show`, 'give `token`, `subject` or `certificate`');
    }
    if (subject !== undefined) {
      own('subject', subject);
      if (token !== undefined)
        fault(`\`${name}\` has two kinds of token`, 'give `token` or `subject`', 'subject');
      if (!have.oauth) fault(`nobody issues tokens for \`${name}\``, 'say who does under [oauth]', 'subject');
    }
    if (certificate !== undefined) {
      own('certificate', certificate);
      if (!have.clientRoots) {
        const message = `nobody vouches for the certificate of \`${name}\``;
        fault(message, 'give `client_ca` under [daemon.tls]', 'certificate');
      }
    }
    return {
      name,
      tenant,
      ...(token === undefined ? {} : { token }),
      ...(subject === undefined ? {} : { subject }),
      ...(certificate === undefined ? {} : { certificate }),
      ...(manifest === undefined ? {} : { manifest: resolve(directory, manifest) }),
    };
  });
}
