import { existsSync } from 'node:fs';
import type { Configuration } from '../config/configuration.ts';
import type { Pin } from '../enforce/door.ts';
import { ownCaller } from '../enforce/own-session.ts';
import { SessionPinLedger, acceptanceOf } from '../enforce/pin-ledger.ts';
import { readPins } from '../enforce/pin-reading.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import { sha256 } from '../platform.ts';
import type { StoredPin } from '../ports.ts';
import type { Environment } from './environment.ts';
import { openEvidence, openEvidenceView, sessionPorts } from './evidence.ts';

export type { Pin };

/**
 * What the ledger says of every tool and prompt that was ever offered, by server and name; nothing is
 * written, and without a ledger there is nothing. Fails with `STORE_UNAVAILABLE`.
 */
export async function readPinned(
  configuration: Configuration,
  environment: Environment,
): Promise<readonly Pin[]> {
  const { store } = configuration;
  if (store.kind === 'sqlite' && !existsSync(store.file)) return [];
  const view = await openEvidenceView(configuration, environment);
  try {
    const rows: StoredPin[] = [];
    for await (const row of view.pins()) rows.push(row);
    const sortKey = ({ server, kind, name }: Pin): string => `${server}\n${kind}\n${name}`;
    return (await readPins(rows, view, sha256)).toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  } finally {
    await view.close();
  }
}

/**
 * Puts what was offered into force, exactly as it stands in `pins`, on the word of a person. Fails with
 * `STORE_UNAVAILABLE` when it cannot be recorded, or something else is in force by now.
 */
export async function acceptOffered(
  configuration: Configuration,
  environment: Environment,
  rules: Ruleset,
  pins: readonly Pin[],
  by: string,
): Promise<void> {
  const ledger = await openEvidence(configuration, environment, () => {});
  const pinned = new SessionPinLedger(sessionPorts(ledger), () => rules.policy.digest, ownCaller(by));
  try {
    const [first, ...others] = pins.flatMap((pin) => acceptanceOf(pin, by) ?? []);
    if (first !== undefined) await pinned.record([first, ...others]);
  } finally {
    await pinned.close('the person is done');
    await ledger.close();
  }
}
