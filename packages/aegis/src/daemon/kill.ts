import { codeOf, type KillSwitch, type KillTarget, killTargetText } from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import { KillBoard } from '../enforce/kill-board.ts';
import { KillLedger, type SwitchWord } from '../enforce/kill-ledger.ts';
import { ownCaller } from '../enforce/own-session.ts';
import type { SealedLedger } from '../evidence/sealed-ledger.ts';
import { killFileOf, readKilled, writeKilled } from '../source/kill-file.ts';
import type { Environment } from './environment.ts';
import { openEvidence, sessionPorts } from './evidence.ts';
import { repeat } from './repeat.ts';
import { loadRules } from './rules.ts';

/** Milliseconds between two looks at the switches: what is thrown anywhere is noticed within this time. */
const LOOK_MS = 250;

/** The switches as this process follows them. */
export interface KillSwitches {
  readonly board: KillBoard;
  /** Hears of each switch that is thrown from now on. */
  onThrown(stop: (thrown: KillSwitch) => void): void;
  /** Throws a switch, or puts it back, in this process at once. Rejects with `STORE_UNAVAILABLE`. */
  turn(target: KillTarget, word: SwitchWord): Promise<SwitchResult>;
  close(cause: string): Promise<void>;
}

/** What came of a word about a switch. */
export interface SwitchResult {
  /** False when it stood so already. */
  readonly changed: boolean;
  /** Why it is not in the ledger; it stands in the file alone. */
  readonly unrecorded?: string;
}

/** Follows the switches in the ledger and in the file beside it. Rejects with `STORE_UNAVAILABLE`. */
export async function followKillSwitches(
  { directory }: Pick<Configuration, 'directory'>,
  ledger: SealedLedger,
  policyDigest: () => string,
): Promise<KillSwitches> {
  const recorded = new KillLedger({ ...sessionPorts(ledger), mac: ledger.mac }, policyDigest);
  const file = killFileOf(directory);
  const board = new KillBoard();
  let hear: (thrown: KillSwitch) => void = () => {};
  let known: readonly KillSwitch[] = [];
  const look = async (): Promise<void> => {
    const inFile = await readKilled(file);
    let problem: unknown;
    try {
      known = (await recorded.switches()).flatMap(({ thrown }) => thrown ?? []);
    } catch (error) {
      // What the ledger said last holds while it cannot be read; the file counts all the same.
      problem = error;
    }
    for (const thrown of board.set([...inFile, ...known])) hear(thrown);
    if (problem !== undefined) throw problem;
  };
  await look();
  const following = repeat(look, LOOK_MS);
  return {
    board,
    onThrown(stop) {
      hear = stop;
    },
    async turn(target, word) {
      const result = await turnSwitch(recorded, file, target, word);
      await following.now().catch(() => {});
      return result;
    },
    async close(cause) {
      await following.close();
      await recorded.close(cause);
    },
  };
}

/** What a person says in a process of its own. */
export interface OwnWord {
  readonly target: KillTarget;
  readonly killed: boolean;
  readonly by: string;
  readonly why: string | undefined;
}

/**
 * Throws a switch, or puts it back, for all processes. A stop holds by the file in `directory` whatever is wrong with
 * the configuration, the policy or the ledger; to go on is recorded first, and fails with them.
 */
export async function turnKillSwitch(
  directory: string,
  load: () => Promise<Configuration>,
  environment: Environment,
  { target, ...word }: OwnWord,
): Promise<SwitchResult> {
  const file = killFileOf(directory);
  if (word.killed) await writeKilled(file, target, true);
  try {
    const configuration = await load();
    const { policy } = await loadRules(configuration);
    const ledger = await openEvidence(configuration, environment, () => {});
    const ports = { ...sessionPorts(ledger), mac: ledger.mac };
    const recorded = new KillLedger(ports, () => policy.digest, ownCaller(word.by));
    try {
      return await turnSwitch(recorded, file, target, { ...word, door: 'cli' });
    } finally {
      await recorded.close('the person is done');
      await ledger.close();
    }
  } catch (error) {
    if (!word.killed || codeOf(error) === undefined) throw error;
    return { changed: true, unrecorded: error instanceof Error ? error.message : String(error) };
  }
}

/** INVARIANT: a stop is in the file before it is in the ledger, and stays there until the ledger says that it is over. */
async function turnSwitch(
  recorded: KillLedger,
  file: string,
  target: KillTarget,
  word: SwitchWord,
): Promise<SwitchResult> {
  if (word.killed) await writeKilled(file, target, true);
  const changed = await recorded.turn(target, word);
  if (word.killed) return { changed };
  const stood = (await readKilled(file)).some((one) => killTargetText(one) === killTargetText(target));
  await writeKilled(file, target, false);
  return { changed: changed || stood };
}

/** What is stopped, by the ledger and by the file. Fails with `STORE_UNAVAILABLE`. */
export async function readKillSwitches(
  configuration: Configuration,
  environment: Environment,
): Promise<readonly KillSwitch[]> {
  const board = new KillBoard();
  const ledger = await openEvidence(configuration, environment, () => {});
  const recorded = new KillLedger({ ...sessionPorts(ledger), mac: ledger.mac }, () => '');
  try {
    const thrown = (await recorded.switches()).flatMap((one) => one.thrown ?? []);
    board.set([...(await readKilled(killFileOf(configuration.directory))), ...thrown]);
    return board.thrown;
  } finally {
    await ledger.close();
  }
}
