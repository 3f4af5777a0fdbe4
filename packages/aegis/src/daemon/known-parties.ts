import { randomBytes } from 'node:crypto';
import { codeOf } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import { type Authenticator, createAuthenticator } from '../identity/agents.ts';
import { createPeopleAuthenticator, type PeopleAuthenticator } from '../identity/people.ts';
import type { SecretStore } from '../ports.ts';
import { createSecret } from '../vault/secrets.ts';
import { watchSecretsNamed } from './secret-changes.ts';

/** Agents and people, by credentials of which those in the vault can change while Aegis runs. */
export interface KnownParties {
  readonly agents: Authenticator;
  readonly people: PeopleAuthenticator;
  close(): void;
}

interface Known {
  readonly agents: Authenticator;
  readonly people: PeopleAuthenticator;
}

/**
 * Reads everybody's credentials, and again when a secret of the vault among them has changed; one that was taken
 * out lets nobody in. When they cannot be taken then, `warn` hears why, and those from before stay. Fails with
 * `CONFIG_INVALID`.
 */
export async function openKnownParties(
  configuration: Configuration,
  secrets: SecretStore,
  readToken: Parameters<typeof createAuthenticator>[3],
  warn: (text: string) => void,
): Promise<KnownParties> {
  const { agents: knownAgents, people: knownPeople, daemon } = configuration;
  const read = async (store: SecretStore): Promise<Known> => {
    const agents = await createAuthenticator(knownAgents, store, daemon.anonymous, readToken);
    const people = await createPeopleAuthenticator(knownPeople, store, (digest) => agents.ownsToken(digest));
    return { agents, people };
  };
  let known = await read(secrets);
  const remaining = withoutGone(secrets, warn);
  const places = ['agents', 'people'];
  let reads = 0;
  let said: string | undefined;
  const close = await watchSecretsNamed(configuration, places, async () => {
    const mine = ++reads;
    try {
      const now = await read(remaining);
      // The newest one counts, whichever ends last.
      if (mine === reads) known = now;
      said = undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown problem';
      if (why !== said) warn(`the tokens from before stay in force: ${why.replaceAll(/\s*\n\s*/g, '; ')}`);
      said = why;
      throw error;
    }
  });
  // SECURITY: a token counts as it is now at each request, and never as it was when a session began.
  const agents: Authenticator = Object.assign((shown: Parameters<Authenticator>[0]) => known.agents(shown), {
    ownsToken: (digest: Buffer) => known.agents.ownsToken(digest),
    isHolder: (shown: Parameters<Authenticator>[0]) => known.agents.isHolder(shown),
  });
  return { agents, people: (authorization) => known.people(authorization), close };
}

/**
 * SECURITY: a token that was taken out of the vault lets nobody in any more: in its place stands a value that nobody
 * knows. One that cannot be had for another reason is a failure.
 */
function withoutGone(secrets: SecretStore, warn: (text: string) => void): SecretStore {
  return {
    async resolve(reference, use = 'the configuration') {
      try {
        return await secrets.resolve(reference, use);
      } catch (error) {
        if (!('secret' in reference) || codeOf(error) !== 'CONFIG_INVALID') throw error;
        warn(`${use} is not in the vault any more: it lets nobody in`);
        return createSecret(randomBytes(32).toString('base64url'));
      }
    },
  };
}
