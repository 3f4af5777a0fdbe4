import type { Digest } from '../../model/hash.ts';
import { type Checkpoint, openCheckpoint, parseCheckpoint } from '../log/checkpoint.ts';
import { verifyCosignatures } from '../log/cosignature.ts';
import { equalHashes, leafHash } from '../log/hash.ts';
import { hexToBytes } from '../log/hex.ts';
import { verifyInclusion } from '../log/inclusion.ts';
import type { VerifierKey, VerifySignature } from '../log/key.ts';
import { parseNote, type SignedNote } from '../log/note.ts';
import { utf8 } from '../log/utf8.ts';
import { parseInstallationProof } from './installation.ts';
import type { BundleFinding } from './level.ts';
import type { BundleManifest } from './manifest.ts';
import { installationOriginOf } from './origin.ts';
import { type LogNames, parseBundleKeys, type Trust, trustOf } from './trust.ts';

/** The files of a bundle that are signed or about signatures, as they are. */
export interface BundleNotes {
  readonly checkpoint: string;
  readonly installationCheckpoint: string;
  readonly installation: string;
  readonly keys: string;
}

/** What whoever verifies brings along. */
export interface Anchors {
  /** Keys of the log that are believed. */
  readonly keys: readonly VerifierKey[];
  /** An older checkpoint of the same log. */
  readonly older?: string;
  readonly witnesses: readonly VerifierKey[];
}

export interface NoteTools {
  readonly digest: Digest;
  readonly verify: VerifySignature;
}

export interface CheckedNotes {
  readonly findings: readonly BundleFinding[];
  readonly trust: Trust;
  /** The older checkpoint, when its signature was believed. */
  readonly older: Checkpoint | undefined;
  /** Signatures under the two notes that no key of the log made. */
  readonly foreign: number;
}

const OLDER = 'the older checkpoint';

/** Verifies the two notes of a bundle, that one covers the other, and the older checkpoint's own signature. */
export function checkNotes(
  manifest: BundleManifest,
  files: BundleNotes,
  anchors: Anchors,
  tools: NoteTools,
): CheckedNotes {
  const { origin, tenant } = manifest;
  const names = { origin, installation: installationOriginOf(origin, tenant) ?? '' };
  const findings: BundleFinding[] = [];
  const bundled = parseBundleKeys(files.keys, origin, tools.digest);
  if (typeof bundled === 'string') {
    findings.push({ level: 'checkpoint', kind: 'bad-keys', file: 'keys', message: bundled });
  }
  const trust = trustOf(
    { given: anchors.keys, bundled: typeof bundled === 'string' ? [] : bundled, ...olderOf(anchors) },
    names,
    tools,
  );
  const signed = note(files.checkpoint, 'checkpoint', trust, tools, findings);
  const root = hexToBytes(manifest.root);
  if (signed !== undefined && root !== undefined) {
    const { checkpoint } = signed;
    if (
      checkpoint.origin !== origin ||
      checkpoint.size !== manifest.size ||
      !equalHashes(checkpoint.root, root)
    ) {
      findings.push(mismatch('checkpoint', 'it is over another log, size or root than bundle.json says'));
    }
  }
  const whole = note(files.installationCheckpoint, 'checkpoint.installation', trust, tools, findings);
  if (signed !== undefined && whole !== undefined) {
    const problem = installationProblem(
      files.installation,
      signed.note,
      whole.checkpoint,
      names,
      tools.digest,
    );
    if (problem !== undefined) findings.push(problem);
  }
  const notes = [signed?.note, whole?.note].filter((one) => one !== undefined);
  findings.push(...cosignatureProblems(notes, anchors.witnesses, tools.verify));
  const logKeys = new Set(trust.keys.map(({ keyId }) => keyId));
  return {
    findings: [...findings, ...olderProblems(anchors, names, trust, tools)],
    trust,
    older: openedOlder(anchors, names, trust, tools),
    foreign: notes.flatMap(({ signatures }) => signatures).filter(({ keyId }) => !logKeys.has(keyId)).length,
  };
}

function olderOf({ older }: Anchors): { older?: string } {
  return older === undefined ? {} : { older };
}

/** Reads a note and verifies the log's own signature; what can be read is answered even when nobody signed it. */
function note(
  text: string,
  file: string,
  { keys }: Trust,
  { verify }: NoteTools,
  findings: BundleFinding[],
): { readonly note: SignedNote; readonly checkpoint: Checkpoint } | undefined {
  const read = parseNote(text);
  const checkpoint = typeof read === 'string' ? read : parseCheckpoint(read.text);
  if (typeof read === 'string' || typeof checkpoint === 'string') {
    const message = String(checkpoint);
    findings.push({ level: 'checkpoint', kind: 'bad-note', file, message });
    return undefined;
  }
  const opened = openCheckpoint(text, keys, verify);
  if (typeof opened === 'string') {
    findings.push({ level: 'checkpoint', kind: 'bad-signature', file, message: opened });
  }
  return { note: read, checkpoint };
}

function mismatch(file: string, message: string): BundleFinding {
  return { level: 'checkpoint', kind: 'note-mismatch', file, message };
}

function installationProblem(
  text: string,
  signed: SignedNote,
  whole: Checkpoint,
  { installation }: LogNames,
  digest: Digest,
): BundleFinding | undefined {
  const proof = parseInstallationProof(text);
  if (proof === undefined) {
    const message = 'it is not the canonical JSON of a proof';
    return { level: 'checkpoint', kind: 'installation-mismatch', file: 'installation.json', message };
  }
  if (whole.origin !== installation || whole.size !== proof.size) {
    return mismatch('checkpoint.installation', 'it is over another log or size than installation.json says');
  }
  const leaf = leafHash(digest(utf8(signed.text)), digest);
  if (verifyInclusion(leaf, proof.leaf, proof.size, whole.root, proof.proof, digest)) return undefined;
  const message = 'it does not show that the log of the installation has the checkpoint';
  return { level: 'checkpoint', kind: 'installation-mismatch', file: 'installation.json', message };
}

function cosignatureProblems(
  notes: readonly SignedNote[],
  witnesses: readonly VerifierKey[],
  verify: VerifySignature,
): BundleFinding[] {
  if (witnesses.length === 0) return [];
  const findings: BundleFinding[] = [];
  const seen = new Set<VerifierKey>();
  for (const one of notes) {
    const cosignatures = verifyCosignatures(one, witnesses, verify);
    if (typeof cosignatures === 'string') {
      findings.push({ level: 'witnesses', kind: 'bad-signature', message: cosignatures });
    } else {
      for (const { by } of cosignatures) seen.add(by);
    }
  }
  for (const witness of witnesses) {
    if (seen.has(witness)) continue;
    const message = `witness \`${witness.name}\` has cosigned neither note`;
    findings.push({ level: 'witnesses', kind: 'missing-cosignature', message });
  }
  return findings;
}

function olderProblems(anchors: Anchors, names: LogNames, trust: Trust, tools: NoteTools): BundleFinding[] {
  if (anchors.older === undefined) return [];
  const opened = openCheckpoint(anchors.older, trust.keys, tools.verify);
  const message =
    typeof opened === 'string'
      ? opened
      : opened.checkpoint.origin === names.origin
        ? undefined
        : `it is a checkpoint of \`${opened.checkpoint.origin}\`, and the bundle is of \`${names.origin}\``;
  return message === undefined ? [] : [{ level: 'consistency', kind: 'bad-note', file: OLDER, message }];
}

function openedOlder(
  anchors: Anchors,
  names: LogNames,
  trust: Trust,
  tools: NoteTools,
): Checkpoint | undefined {
  if (anchors.older === undefined) return undefined;
  const opened = openCheckpoint(anchors.older, trust.keys, tools.verify);
  if (typeof opened === 'string' || opened.checkpoint.origin !== names.origin) return undefined;
  return opened.checkpoint;
}
