import type { Configuration } from '../config/configuration.ts';
import { OwnSession, ownCaller } from '../enforce/own-session.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import { type Acceptance, type EpochPorts, acceptRestored, replaceLostKeys } from '../evidence/epoch.ts';
import { type Rotation, rotateKey } from '../evidence/rotation.ts';
import { createIds, sha256, systemClock, utf8 } from '../platform.ts';
import type { Environment } from './environment.ts';
import { keyFolderOf, openEvidence, openStore, sessionPorts } from './evidence.ts';

/**
 * Puts a new signing key in place of the one in force; both sign for `overlapMs` milliseconds. Fails with
 * `STORE_UNAVAILABLE`.
 */
export async function rotateLedgerKey(
  configuration: Configuration,
  environment: Environment,
  rules: Ruleset,
  { overlapMs, by }: { readonly overlapMs: number; readonly by: string },
): Promise<Rotation> {
  const ledger = await openEvidence(configuration, environment, () => {});
  const session = new OwnSession(sessionPorts(ledger), () => rules.policy.digest, ownCaller(by));
  try {
    return await rotateKey(
      {
        folder: keyFolderOf(configuration),
        clock: systemClock,
        record: (draft) => session.record([draft]),
        sealNow: () => ledger.sealNow(),
      },
      overlapMs,
    );
  } finally {
    await session.close('the key is in place');
    // Closing seals and signs the end of the session: with the new key, and the old one while they overlap.
    await ledger.close();
  }
}

/**
 * Goes on with a ledger that does not reach what was signed of it, in the next epoch, on the word of a
 * person. Gives the epoch. Fails with `INPUT_INVALID` when nothing is missing.
 */
export function acceptRestoredLedger(
  configuration: Configuration,
  environment: Environment,
  rules: Ruleset,
  acceptance: Acceptance,
): Promise<number> {
  return beginEpoch(configuration, environment, rules, acceptance, acceptRestored);
}

/**
 * Goes on with a ledger whose keys are lost, with a new key and in the next epoch, on the word of a person.
 * Gives the new key as a line of text. Fails with `INPUT_INVALID` when the keys are there.
 */
export function replaceLostLedgerKeys(
  configuration: Configuration,
  environment: Environment,
  rules: Ruleset,
  acceptance: Acceptance,
): Promise<string> {
  return beginEpoch(configuration, environment, rules, acceptance, replaceLostKeys);
}

/** Records the end of an epoch in the bare store, begins the next one, and signs what is there in it. */
async function beginEpoch<T>(
  configuration: Configuration,
  environment: Environment,
  rules: Ruleset,
  acceptance: Acceptance,
  begin: (ports: EpochPorts, acceptance: Acceptance) => Promise<T>,
): Promise<T> {
  const store = await openStore(configuration, environment);
  let result: T;
  try {
    const ports = {
      clock: systemClock,
      ids: createIds(systemClock),
      store,
      sha256,
      utf8,
      durability: store.durability,
    };
    const session = new OwnSession(ports, () => rules.policy.digest, ownCaller(acceptance.by));
    try {
      result = await begin(
        {
          trees: store.trees,
          folder: keyFolderOf(configuration),
          clock: systemClock,
          record: (drafts) => session.record(drafts),
        },
        acceptance,
      );
    } finally {
      await session.close('the next epoch has begun');
    }
  } finally {
    await store.close();
  }
  const ledger = await openEvidence(configuration, environment, () => {});
  try {
    await ledger.sealNow();
  } finally {
    await ledger.close();
  }
  return result;
}
