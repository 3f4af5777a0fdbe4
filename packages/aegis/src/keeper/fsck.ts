import { codeOf, counted } from '@aegis/core';
import { keyFolderOf, openEvidenceView } from '../daemon/evidence.ts';
import { readKeys } from '../evidence/keys/key-folder.ts';
import { systemClock } from '../platform.ts';
import type { StoreFinding } from './findings.ts';
import { leaseState, type LeaseState } from './leases.ts';
import type { LedgerPlace } from './place.ts';
import { type LedgerReport, verifyWholeLedger } from './verify.ts';

/** How the key folder is. */
export interface KeyState {
  readonly detail: string;
  /** Why the ledger cannot be signed with it; undefined when it can. */
  readonly problem?: string;
}

/** What a person can do about something that was found. */
export interface Remedy {
  readonly kind: string;
  readonly count: number;
  readonly advice: string;
}

export interface CheckedLedger {
  readonly report: LedgerReport;
  readonly keys: KeyState;
  readonly leases: LeaseState;
  /** Most pressing first. */
  readonly remedies: readonly Remedy[];
}

const RESTORE =
  'stop Aegis, keep the damaged file aside as evidence, restore the newest backup, and verify it with `aegis ledger verify`; when the backup is older than what was signed, `aegis ledger restore-accept` puts that on record';

const TAMPERED = `somebody or something changed what was recorded. ${RESTORE}. An export made before shows what it said: \`aegis ledger verify --bundle\``;

const DERIVED =
  'the events agree, and what was computed from them does not: the disk failed, or somebody changed it. Stop Aegis and restore a backup; an export made now would not verify';

const ADVICE: Readonly<Record<StoreFinding['kind'], string>> = {
  'rolled-back':
    'the ledger is shorter than what was signed: it is an older copy, or its end was cut off. Restore the newest copy; when it is lost, `aegis ledger restore-accept --because TEXT`',
  forked: `the ledger is another one than what was signed. ${RESTORE}`,
  'bad-signature':
    'a checkpoint was forged, the signing key was replaced, or the key that was given is of another log. Compare `.aegis/keys` with its backup, and the key with the one that you were given',
  'hash-mismatch': TAMPERED,
  'not-canonical': TAMPERED,
  'not-an-envelope': TAMPERED,
  'column-mismatch': TAMPERED,
  'bad-payload': TAMPERED,
  'illegal-transition': TAMPERED,
  'missing-start': TAMPERED,
  'chain-gap': TAMPERED,
  'out-of-order': TAMPERED,
  'prev-mismatch': TAMPERED,
  'position-gap': TAMPERED,
  'cut-tail': TAMPERED,
  'session-missing': TAMPERED,
  'head-mismatch': TAMPERED,
  'session-mismatch': TAMPERED,
  'pin-mismatch':
    'what tools are held against is not what the ledger says: they are held back. Restore a backup, or look at `aegis tools list`',
  'archive-mismatch': `sessions are gone that no archived segment accounts for. ${RESTORE}`,
  'tree-mismatch': DERIVED,
  'tile-mismatch': DERIVED,
  'tile-missing': DERIVED,
  'seal-mismatch': DERIVED,
  'checkpoint-mismatch': `what was signed is not what is stored now. ${RESTORE}`,
  'missing-cosignature':
    'the witness has not cosigned the newest checkpoint: `aegis ledger checkpoint` says whether it can be reached',
  'blob-missing': `a sealed value is gone, and no event says that it was erased. ${RESTORE}`,
  'blob-mismatch': `a sealed value was changed. ${RESTORE}`,
  'erasure-mismatch': `what the store says was erased is not what the events say. ${RESTORE}`,
  'stray-row':
    'somebody wrote into the store what Aegis never writes there. What is signed holds all the same where nothing else was found; restore a backup to be rid of it',
  'table-damaged':
    'what is read by an index is not all that there is, or a row cannot have been written by Aegis: the disk failed, or somebody changed the file. Stop Aegis and restore a backup',
  'trigger-missing':
    'what refuses changes in the store was taken away: somebody may have changed it. When everything else holds, nothing was changed that is signed; restore a backup to have it back',
  'import-damaged': 'import the bundle again from where it came, and look who can write to `.aegis/imported`',
};

/** Verifies a ledger with everything around it, and says what a person can do. Fails with `STORE_UNAVAILABLE`. */
export async function checkLedger(
  place: LedgerPlace,
  onProgress: (events: number, of: number) => void,
): Promise<CheckedLedger> {
  const keys = await keyState(place);
  const report = await verifyWholeLedger(place, { keys: [], witnesses: [] }, onProgress);
  const counts = new Map<StoreFinding['kind'], number>();
  for (const { kind } of report.findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = Object.keys(ADVICE) as StoreFinding['kind'][];
  const remedies = kinds.flatMap((kind) => {
    const count = counts.get(kind);
    return count === undefined ? [] : [{ kind, count, advice: ADVICE[kind] }];
  });
  return { report, keys, leases: await leasesIn(place), remedies };
}

async function leasesIn({ configuration, environment }: LedgerPlace): Promise<LeaseState> {
  const view = await openEvidenceView(configuration, environment);
  try {
    return await leaseState(view, systemClock.now());
  } finally {
    await view.close();
  }
}

async function keyState({ configuration }: LedgerPlace): Promise<KeyState> {
  const folder = keyFolderOf(configuration);
  try {
    const { record, heads, ...keys } = await readKeys(folder);
    if (record === undefined) return { detail: `there are no keys in \`${folder}\` yet` };
    const { installation, epoch } = record;
    const detail = `installation ${installation}, epoch ${epoch}, ${counted(record.keys.length, 'key')}`;
    const signing = (await keys.signers(systemClock.now())).length;
    if (signing === 0) return { detail, problem: 'no key in ledger.json signs' };
    if (heads === undefined) {
      return { detail, problem: `the record of what was signed is gone: \`${folder}/head.json\`` };
    }
    return { detail: `${detail}, ${signing} sign now` };
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return { detail: folder, problem: (error as Error).message };
  }
}
