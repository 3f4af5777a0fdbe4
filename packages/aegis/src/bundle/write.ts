import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  AegisError,
  BLOBS_FILE,
  BUNDLE_FORMAT,
  type BundleManifest,
  bytesToHex,
  EVENT_TYPES,
  eventSchema,
  formatBlobLine,
  formatManifest,
  formatVerifierKey,
  TILE_HASHES,
} from '@aegis/core';
import { syncFolder } from '../disk/sync-folder.ts';
import { sha256, utf8 } from '../platform.ts';
import { type Covering, newestCovered } from './covering.ts';
import { BundleSink, type LineSink, unwritable } from './file-sink.ts';
import type { PlacedEntry } from './placed-entries.ts';
import { select } from './select.ts';
import type { BundleRequest, BundleSource } from './source.ts';
import { blobsOf } from './values.ts';
import { writeTiles } from './write-tiles.ts';

/** A bundle on the disk. */
export interface WrittenBundle {
  readonly manifest: BundleManifest;
  /** SHA-256 of `bundle.json`. */
  readonly sha256: string;
}

/** Events between two reports of progress. */
const PROGRESS_EVENTS = 1024;

/**
 * Writes a bundle into a folder that is not there yet, or is empty; until it is whole it has another name.
 * `durable`: it survives the loss of power once this has resolved. Fails with `INPUT_INVALID` and
 * `FILE_UNREADABLE`.
 */
export async function writeBundle(
  folder: string,
  source: BundleSource,
  request: BundleRequest,
  durable: boolean,
  onProgress: (events: number) => void = () => {},
): Promise<WrittenBundle> {
  await requireEmpty(folder);
  const partial = await unfinished(folder);
  try {
    const written = await writeInto(new BundleSink(partial, durable), source, request, onProgress);
    if (existsSync(folder)) await rmdir(folder);
    await rename(partial, folder);
    if (durable) await syncFolder(dirname(folder));
    return written;
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}

async function unfinished(folder: string): Promise<string> {
  try {
    await mkdir(dirname(folder), { recursive: true });
    return await mkdtemp(`${folder}.unfinished-`);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

async function requireEmpty(folder: string): Promise<void> {
  const inside = existsSync(folder) ? await readdir(folder).catch(() => ['']) : [];
  if (inside.length === 0) return;
  throw new AegisError('INPUT_INVALID', `\`${folder}\` is there already`, {
    help: 'name a folder that is not',
  });
}

async function writeInto(
  sink: BundleSink,
  source: BundleSource,
  request: BundleRequest,
  onProgress: (events: number) => void,
): Promise<WrittenBundle> {
  const covering = await newestCovered(source.trees, source.tenant, source.origin);
  const { size, root } = covering.checkpoint;
  if (request.older !== undefined && request.older > size) {
    throw new AegisError(
      'INPUT_INVALID',
      `the log has ${size} leaves, and the older checkpoint ${request.older}`,
    );
  }
  const { scope, entries } = await select(source, request.scope, size);
  const { events, tiles } = await writeEvents(sink, source, entries, request.values, onProgress);
  await writeTiles(sink, source, size, scope.kind === 'all' ? 'all' : tiles, request.older);
  await writeNotes(sink, source, covering);
  for (const type of EVENT_TYPES) {
    await sink.write(`schema/${type}.json`, utf8(`${JSON.stringify(eventSchema(type), undefined, 2)}\n`));
  }
  const { checkpoint: _, 'checkpoint.installation': __, ...files } = sink.hashes;
  const manifest: BundleManifest = {
    created_ms: request.nowMs,
    events,
    files,
    format: BUNDLE_FORMAT,
    origin: source.origin,
    root: bytesToHex(root),
    scope,
    size,
    tenant: source.tenant,
  };
  const text = formatManifest(manifest);
  await sink.write('bundle.json', utf8(text));
  await sink.sync();
  return { manifest, sha256: sha256(text) };
}

async function writeNotes(sink: BundleSink, { keys }: BundleSource, covering: Covering): Promise<void> {
  await sink.write('checkpoint', utf8(covering.note));
  await sink.write('checkpoint.installation', utf8(covering.installationNote));
  await sink.write('installation.json', utf8(covering.installationProof));
  await sink.write('keys', utf8(keys.map((key) => `${formatVerifierKey(key)}\n`).join('')));
}

async function writeEvents(
  sink: BundleSink,
  { view }: BundleSource,
  entries: AsyncIterable<PlacedEntry>,
  values: boolean,
  onProgress: (events: number) => void,
): Promise<{ readonly events: number; readonly tiles: ReadonlySet<number> }> {
  const files: LineSink[] = [];
  const open = async (path: string): Promise<LineSink> => {
    const file = await sink.lines(path);
    files.push(file);
    return file;
  };
  try {
    const [bodies, leaves] = [await open('events.jsonl'), await open('leaves')];
    const blobs = values ? await open(BLOBS_FILE) : undefined;
    const tiles = new Set<number>();
    let events = 0;
    for await (const { entry, leaf } of entries) {
      await bodies.line(entry.body);
      await leaves.line(String(leaf));
      tiles.add(Math.floor(leaf / TILE_HASHES));
      if (blobs !== undefined) {
        for await (const blob of blobsOf(view, entry)) await blobs.line(formatBlobLine(blob));
      }
      events += 1;
      if (events % PROGRESS_EVENTS === 0) onProgress(events);
    }
    for (const file of files) await file.end();
    return { events, tiles };
  } catch (error) {
    for (const file of files) await file.abandon();
    throw error;
  }
}
