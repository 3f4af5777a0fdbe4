import {
  AegisError,
  counted,
  type LevelResult,
  parseNote,
  verifyCosignatures,
  type VerifierKey,
} from '@aegis/core';
import { openEvidenceView } from '../daemon/evidence.ts';
import { witnessing } from '../evidence/cosigned.ts';
import { INSTALLATION_LOG, type LedgerView, type TreeView } from '../ledger-ports.ts';
import { verifyEd25519 } from '../platform.ts';
import { isDamage } from '../store/sqlite/error.ts';
import { type VerificationDepth, verifyLedger } from '../store/verify.ts';
import { LEDGER_LEVELS, type LedgerLevel, levelOf, type StoreFinding } from './findings.ts';
import { verifyImported } from './imported.ts';
import type { LedgerPlace } from './place.ts';
import { readSigningRecord, type SigningRecord } from './signed-by.ts';
import { type LedgerAnchors, verifyHeads, verifyOlder, verifyStoredSignatures } from './verify-signatures.ts';

/** The most findings that a report holds; the others are only counted. */
const MAX_FINDINGS = 1000;

/** What a verification of a ledger found out. It is sound when `findingCount` is 0. */
export interface LedgerReport {
  readonly entries: number;
  readonly sessions: number;
  readonly head: { readonly position: number };
  /** Events that no signed tree holds yet. */
  readonly unsealed: number;
  readonly levels: Readonly<Record<LedgerLevel, LevelResult>>;
  readonly findings: readonly StoreFinding[];
  readonly findingCount: number;
  /** Bundles that were imported. */
  readonly imported: number;
  readonly seconds: number;
}

export interface LedgerVerification extends LedgerAnchors {
  /** Witnesses that must have cosigned the newest checkpoint of the installation. */
  readonly witnesses: readonly VerifierKey[];
  /** `bytes`: what the events say is not judged. */
  readonly depth?: VerificationDepth;
}

/**
 * Verifies a ledger with everything around it, without writing to it. Fails with `STORE_UNAVAILABLE`, and with
 * `CHAIN_BROKEN` when its file is so damaged that it cannot be read.
 */
export async function verifyWholeLedger(
  place: LedgerPlace,
  wanted: LedgerVerification,
  onProgress: (events: number, of: number) => void = () => {},
): Promise<LedgerReport> {
  try {
    return await verifyReadable(place, wanted, onProgress);
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw new AegisError('CHAIN_BROKEN', (error as Error).message, { help: DAMAGED_FILE, cause: error });
  }
}

const DAMAGED_FILE =
  'stop Aegis, keep the file aside as evidence, restore the newest backup, and verify it with `aegis ledger verify`';

async function verifyReadable(
  place: LedgerPlace,
  wanted: LedgerVerification,
  onProgress: (events: number, of: number) => void,
): Promise<LedgerReport> {
  const began = performance.now();
  const { depth = 'events' } = wanted;
  // Before the ledger: what is signed meanwhile is in it then.
  const signing = await readSigningRecord(place);
  const view = await openEvidenceView(place.configuration, place.environment);
  try {
    const report = await verifyLedger(view, ({ entries, of }) => onProgress(entries, of), depth);
    const findings: StoreFinding[] = [...report.findings];
    let findingCount = report.findingCount;
    const found = (finding: StoreFinding): void => {
      findingCount += 1;
      if (findings.length < MAX_FINDINGS) findings.push(finding);
    };
    const proved = await verifySigned(view, signing, wanted, place, found);
    const imported = await verifyImported(place, found);
    const { entries, sessions, unsealed } = report;
    return {
      entries,
      sessions,
      head: view.head,
      unsealed,
      levels: levels(findings, { ...structure(report, depth), ...proved }),
      findings,
      findingCount,
      imported,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    await view.close();
  }
}

type Proved = Partial<Record<LedgerLevel, { readonly complete: boolean; readonly detail: string }>>;

function structure(
  { entries, sessions, unsealed, logs }: Awaited<ReturnType<typeof verifyLedger>>,
  depth: VerificationDepth,
): Proved {
  const waiting = unsealed === 0 ? '' : `; ${unsealed} are not sealed yet`;
  const whole = depth === 'events';
  const bytes = whole ? '' : ': the bytes, and not what they say';
  return {
    hashes: { complete: true, detail: `${counted(entries, 'event')}${bytes}` },
    chain: { complete: true, detail: `${counted(sessions, 'session')}${bytes}` },
    inclusion:
      logs.length === 0
        ? { complete: false, detail: 'nothing is sealed yet' }
        : { complete: true, detail: `${counted(logs.length, 'tree')}${waiting}` },
    values: whole
      ? { complete: true, detail: 'every sealed value is there, or was erased on record' }
      : { complete: false, detail: 'only the bytes of the events were looked at' },
    guards: { complete: true, detail: 'the store refuses changes' },
  };
}

async function verifySigned(
  view: LedgerView,
  signing: SigningRecord,
  wanted: LedgerVerification,
  place: LedgerPlace,
  found: (finding: StoreFinding) => void,
): Promise<Proved> {
  const { trees } = view;
  if (trees === undefined) return {};
  return {
    checkpoint: await checkpoints(trees, signing, wanted, found),
    consistency: await consistency(trees, signing, wanted, found),
    witnesses: await witnesses(trees, wanted.witnesses, place, found),
  };
}

async function checkpoints(
  trees: TreeView,
  signing: SigningRecord,
  wanted: LedgerVerification,
  found: (finding: StoreFinding) => void,
): Promise<NonNullable<Proved['checkpoint']>> {
  if (signing.record === undefined && wanted.keys.length === 0) {
    return { complete: false, detail: 'there are no keys here, and none was given: nobody says who signed' };
  }
  const count = await verifyStoredSignatures(trees, signing, wanted, found);
  if (count === 0) return { complete: false, detail: 'nothing is signed yet' };
  const by = wanted.keys.length > 0 ? 'the newest by a key that was given' : 'by the keys in the key folder';
  return { complete: true, detail: `${counted(count, 'checkpoint')} signed ${by}` };
}

async function consistency(
  trees: TreeView,
  signing: SigningRecord,
  wanted: LedgerVerification,
  found: (finding: StoreFinding) => void,
): Promise<NonNullable<Proved['consistency']>> {
  const heads = await verifyHeads(trees, signing, found);
  if (wanted.older !== undefined) await verifyOlder(trees, signing, wanted, found);
  const older = wanted.older === undefined ? '' : ' and the older checkpoint';
  if (heads === 0 && older === '')
    return { complete: false, detail: 'there is no record of what was signed' };
  return {
    complete: true,
    detail: `what was signed of ${counted(heads, 'log')}${older} is the beginning of what is there`,
  };
}

async function witnesses(
  trees: TreeView,
  asked: readonly VerifierKey[],
  { configuration }: LedgerPlace,
  found: (finding: StoreFinding) => void,
): Promise<NonNullable<Proved['witnesses']>> {
  const newest = await trees.checkpoint(INSTALLATION_LOG);
  const configured = configuration.ledger.witnesses.map(({ key }) => key);
  const known = asked.length > 0 ? asked : configured;
  if (known.length === 0) return { complete: false, detail: 'no witness is configured, and none was given' };
  if (newest === undefined) return { complete: false, detail: 'nothing is signed yet' };
  const { size, note } = newest;
  const log = INSTALLATION_LOG;
  const read = parseNote(note);
  const cosigned = typeof read === 'string' ? read : verifyCosignatures(read, known, verifyEd25519);
  if (typeof cosigned === 'string') found({ kind: 'bad-signature', log, size, message: cosigned });
  const quorum = asked.length > 0 ? asked.length : configuration.ledger.quorum;
  const { enough, missing } = witnessing(note, { witnesses: known, quorum });
  if (enough)
    return { complete: true, detail: `${known.length - missing.length} of ${known.length} have cosigned` };
  const message = `not cosigned by ${missing.map((name) => `\`${name}\``).join(', ')}`;
  if (asked.length > 0) found({ kind: 'missing-cosignature', log, size, message });
  return { complete: false, detail: `the newest checkpoint is ${message} yet` };
}

function levels(
  findings: readonly StoreFinding[],
  proved: Proved,
): Readonly<Record<LedgerLevel, LevelResult>> {
  const result = LEDGER_LEVELS.map((level): [LedgerLevel, LevelResult] => {
    const first = findings.find(({ kind }) => levelOf(kind) === level);
    if (first !== undefined) return [level, { state: 'fail', detail: first.message }];
    const { complete, detail } = proved[level] ?? { complete: false, detail: 'not looked at' };
    return [level, { state: complete ? 'pass' : 'not_checked', detail }];
  });
  return Object.fromEntries(result) as Record<LedgerLevel, LevelResult>;
}
