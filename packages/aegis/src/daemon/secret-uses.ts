import type { EventDraft } from '@aegis/core';
import { OwnSession } from '../enforce/own-session.ts';
import type { SessionPorts } from '../enforce/session.ts';
import type { SecretStore } from '../ports.ts';

/** The record of what secrets of the vault were given to. */
export interface SecretUses {
  /** The same store, in which nothing of the vault is given out before that is on record. */
  over(store: SecretStore): SecretStore;
  /** Never rejects. */
  close(cause: string): Promise<void>;
}

/** Records each use as `SECRET_USED`: the name, which value of it, and for what; never the value. */
export function recordSecretUses(ports: SessionPorts, policyDigest: () => string): SecretUses {
  const session = new OwnSession(ports, policyDigest);
  let turn: Promise<void> = Promise.resolve();
  // One after the other: a session takes one request at a time.
  const record = (draft: EventDraft): Promise<void> => {
    const recorded = turn.then(() => session.record([draft]));
    turn = recorded.catch(() => {});
    return recorded;
  };
  return {
    over: (store) => ({
      async resolve(reference, use = 'the configuration') {
        const secret = await store.resolve(reference, use);
        if (!('secret' in reference)) return secret;
        const { version = 0 } = secret;
        // INVARIANT: what cannot be recorded is not given out.
        await record({ type: 'SECRET_USED', payload: { secret: reference.secret, version, use } });
        return secret;
      },
    }),
    async close(cause) {
      await turn;
      await session.close(cause);
    },
  };
}
