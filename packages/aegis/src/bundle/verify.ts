import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  AegisError,
  type Anchors,
  type BundleManifest,
  type CheckedNotes,
  checkNotes,
  counted,
  equalHashes,
  parseManifest,
} from '@aegis/core';
import { digest, sha256, verifyEd25519 } from '../platform.ts';
import { listFolder, readBounded } from './folder.ts';
import { BundleFiles } from './files.ts';
import { type BundleReport, Findings } from './report.ts';
import { verifyEvents } from './verify-events.ts';
import { verifyHeldTiles } from './verify-tiles.ts';
import { NOBODY, type Watch } from './watch.ts';

const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
const MAX_NOTE_BYTES = 1024 * 1024;

/**
 * Verifies a bundle from its folder alone: no ledger, no configuration, no network. Whatever is wrong is a
 * finding; fails with `FILE_UNREADABLE` when there is no bundle, or the disk does not give it.
 */
export function verifyBundle(
  folder: string,
  anchors: Anchors,
  onProgress: (events: number, of: number) => void = () => {},
): Promise<BundleReport> {
  return verifyFolder(folder, anchors, onProgress, NOBODY);
}

/** `verifyBundle`, with somebody who looks on. */
export async function verifyFolder(
  folder: string,
  anchors: Anchors,
  onProgress: (events: number, of: number) => void,
  watch: Watch,
): Promise<BundleReport> {
  const began = performance.now();
  const found = new Findings();
  const bytes = await readManifestFile(folder);
  const manifest = parsed(bytes, found);
  let trust: CheckedNotes['trust'] | undefined;
  let counts = { events: 0, sessions: 0 };
  if (manifest !== undefined) {
    const files = new BundleFiles(folder, manifest, await listFolder(folder), found);
    const notes = await verifyNotes(files, manifest, anchors, found);
    trust = notes?.trust;
    await files.verifyOthers();
    const tiles = await verifyHeldTiles(files, manifest, [notes?.older?.size ?? 0, ...watch.sizes], found);
    counts = await verifyEvents(files, manifest, tiles, found, { watch, onProgress });
    verifyConsistency(notes, manifest, tiles, anchors, found);
    found.proved('hashes', `${counted(files.count, 'file')}, and no others`);
    found.proved('inclusion', `${counted(counts.events, 'event')} found in the signed tree`);
    await watch.end(manifest, trust, tiles, found);
  }
  const seconds = (performance.now() - began) / 1000;
  return {
    manifest,
    sha256: sha256(bytes),
    levels: found.levels(),
    findings: found.list,
    findingCount: found.count,
    ...counts,
    trust,
    seconds,
  };
}

/** What a bundle claims to be; undefined when that cannot be read. Fails as `verifyBundle` does. */
export async function readManifest(folder: string): Promise<BundleManifest | undefined> {
  return parsed(await readManifestFile(folder), new Findings());
}

async function readManifestFile(folder: string): Promise<Uint8Array> {
  const path = join(folder, 'bundle.json');
  if (!existsSync(path)) {
    throw new AegisError('FILE_UNREADABLE', `there is no bundle in \`${folder}\``, {
      help: 'a bundle is a folder with a bundle.json, as `aegis ledger export` writes it',
    });
  }
  const bytes = await readBounded(path, MAX_MANIFEST_BYTES);
  if (bytes !== undefined) return bytes;
  throw new AegisError('FILE_UNREADABLE', `\`${path}\` is larger than ${MAX_MANIFEST_BYTES} bytes`);
}

function parsed(bytes: Uint8Array, found: Findings): BundleManifest | undefined {
  const text = textOf(bytes);
  const manifest = text === undefined ? 'it is not UTF-8' : parseManifest(text);
  if (typeof manifest !== 'string') return manifest;
  found.add({ level: 'hashes', kind: 'bad-manifest', file: 'bundle.json', message: manifest });
  return undefined;
}

async function verifyNotes(
  files: BundleFiles,
  manifest: BundleManifest,
  anchors: Anchors,
  found: Findings,
): Promise<CheckedNotes | undefined> {
  const read = async (path: string): Promise<string | undefined> => {
    const bytes = await files.read(path, MAX_NOTE_BYTES);
    const text = bytes && textOf(bytes);
    if (bytes !== undefined && text === undefined) {
      found.add({ level: 'checkpoint', kind: 'bad-note', file: path, message: 'it is not UTF-8' });
    }
    return text;
  };
  const checkpoint = await read('checkpoint');
  const installationCheckpoint = await read('checkpoint.installation');
  const installation = await read('installation.json');
  const keys = await read('keys');
  if (
    checkpoint === undefined ||
    installationCheckpoint === undefined ||
    installation === undefined ||
    keys === undefined
  ) {
    found.add({ level: 'checkpoint', kind: 'bad-note', message: 'what it takes to verify it is not there' });
    return undefined;
  }
  const tools = { digest, verify: verifyEd25519 };
  const notes = checkNotes(
    manifest,
    { checkpoint, installationCheckpoint, installation, keys },
    anchors,
    tools,
  );
  found.add(...notes.findings);
  found.proved('checkpoint', GROUNDS[notes.trust.ground]);
  if (anchors.witnesses.length > 0)
    found.proved('witnesses', 'every witness whose key was given has cosigned');
  else found.open('witnesses', `no witness key was given; signatures of unknown keys: ${notes.foreign}`);
  return notes;
}

const GROUNDS: Readonly<Record<CheckedNotes['trust']['ground'], string>> = {
  given: 'signed by a key that was given',
  older_checkpoint: 'signed by the key of the older checkpoint',
  first_use: 'signed by the keys in the bundle: whether they are the right ones, nobody has said',
};

function verifyConsistency(
  notes: CheckedNotes | undefined,
  { size }: BundleManifest,
  tiles: Awaited<ReturnType<typeof verifyHeldTiles>>,
  { older: given }: Anchors,
  found: Findings,
): void {
  if (given === undefined) return found.open('consistency', 'no older checkpoint was given');
  const older = notes?.older;
  if (older === undefined) return;
  const file = 'the older checkpoint';
  const add = (kind: 'rolled-back' | 'forked' | 'missing-tile', message: string): void =>
    found.add({ level: 'consistency', kind, file, message });
  if (older.size > size) {
    return add('rolled-back', `the log has ${size} leaves, and had ${older.size} already`);
  }
  const root = tiles.rootAt(older.size);
  if (typeof root === 'string') {
    return add(
      'missing-tile',
      `the bundle cannot show it: there is no sound \`${root}\`; export it with --since`,
    );
  }
  if (!equalHashes(root, older.root)) {
    return add('forked', `the first ${older.size} leaves of the log are not those that were signed then`);
  }
  found.proved('consistency', `the log extends the checkpoint of ${older.size} leaves`);
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
