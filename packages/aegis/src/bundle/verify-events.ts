import { setImmediate } from 'node:timers/promises';
import {
  BLOBS_FILE,
  type BundledEvent,
  type BundleManifest,
  counted,
  EventCheck,
  isLeaf,
  parseLeaf,
  TILE_HASHES,
  type TileProof,
} from '@aegis/core';
import { digest } from '../platform.ts';
import type { BundleFiles } from './files.ts';
import type { Line, LineFile } from './line-file.ts';
import type { Findings } from './report.ts';
import type { Watch } from './watch.ts';
import { ValueCheck } from './verify-values.ts';
import { LeafTiles } from './verify-tiles.ts';

const MAX_EVENT_BYTES = 64 * 1024;
const MAX_LEAF_BYTES = 16;
const MAX_VALUE_BYTES = 96 * 1024 * 1024;

/** Events between two reports of progress, and between two chances for other work to run. */
const PROGRESS_EVENTS = 1024;

interface Onlookers {
  readonly watch: Pick<Watch, 'event'>;
  readonly onProgress: (events: number, of: number) => void;
}

/** Reads events, leaves, tiles and values side by side, once, and judges each event in its place. */
export async function verifyEvents(
  files: BundleFiles,
  manifest: BundleManifest,
  proof: TileProof,
  found: Findings,
  { watch, onProgress }: Onlookers,
): Promise<{ readonly events: number; readonly sessions: number }> {
  const check = new EventCheck(manifest);
  const tiles = new LeafTiles(files, manifest.size, proof, found);
  const events = await files.lines('events.jsonl', MAX_EVENT_BYTES);
  const leaves = await files.lines('leaves', MAX_LEAF_BYTES);
  const blobs = files.names(BLOBS_FILE) ? await files.lines(BLOBS_FILE, MAX_VALUE_BYTES) : undefined;
  const values = blobs && new ValueCheck(blobs, found);
  let count = 0;
  try {
    if (events !== undefined && leaves !== undefined) {
      for await (const event of pairs(events, leaves, manifest.size, found)) {
        count += 1;
        const { envelope, findings } = check.next(event);
        watch.event(event.leaf, envelope, manifest);
        found.add(...findings);
        await include(event, tiles, found);
        if (envelope !== undefined && values !== undefined) await values.next(event, envelope);
        if (count % PROGRESS_EVENTS === 0) {
          onProgress(count, manifest.events);
          await setImmediate();
        }
      }
    }
    await tiles.finish();
    await values?.end((hash) => check.wasErased(hash));
    for (const [path, file] of [
      ['events.jsonl', events],
      ['leaves', leaves],
      [BLOBS_FILE, blobs],
    ] as const) {
      if (file !== undefined) files.compareHash(path, await file.finish());
    }
  } finally {
    for (const file of [events, leaves, blobs]) await file?.close();
  }
  if (count !== manifest.events) {
    const message = `there are ${count} events, and bundle.json says ${manifest.events}`;
    found.add({ level: 'events', kind: 'count-mismatch', file: 'events.jsonl', message });
  }
  conclude(check, count, values, files, found);
  return { events: count, sessions: check.sessions };
}

function conclude(
  check: EventCheck,
  count: number,
  values: ValueCheck | undefined,
  files: BundleFiles,
  found: Findings,
): void {
  const { findings, complete, detail } = check.end();
  found.add(...findings);
  if (complete) found.proved('completeness', detail);
  else found.open('completeness', detail);
  found.proved('events', counted(count, 'event'));
  const later = check.begunEarlier > 0 ? `, ${check.begunEarlier} of them from where the range begins` : '';
  found.proved('chain', `${counted(check.sessions, 'session')}${later}`);
  if (values !== undefined) found.proved('values', values.summary());
  else if (!files.names(BLOBS_FILE)) found.open('values', 'the bundle was exported without them');
}

async function include(
  event: BundledEvent & { readonly digest: Uint8Array },
  tiles: LeafTiles,
  found: Findings,
): Promise<void> {
  const { leaf, line } = event;
  const tile = await tiles.at(Math.floor(leaf / TILE_HASHES));
  if (tile === undefined || isLeaf(event.digest, tile, leaf % TILE_HASHES, digest)) return;
  const message = `it is not leaf ${leaf} of the log`;
  found.add({ level: 'inclusion', kind: 'leaf-mismatch', file: 'events.jsonl', line, leaf, message });
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The events with their leaves, in rising order; what has no place among them is a finding. */
async function* pairs(
  events: LineFile,
  leaves: LineFile,
  size: number,
  found: Findings,
): AsyncGenerator<BundledEvent & { readonly digest: Uint8Array }> {
  let newest = -1;
  for (let line = 1; ; line++) {
    const [event, place] = [await events.next(), await leaves.next()];
    if (event === 'end' && place === 'end') return;
    if (event === 'end' || place === 'end') {
      const file = event === 'end' ? 'leaves' : 'events.jsonl';
      const message = 'here ends the other one of `events.jsonl` and `leaves`';
      found.add({ level: 'events', kind: 'bad-line', file, line, message });
      return;
    }
    const body = textOf(event, 'events.jsonl', line, found);
    const digits = textOf(place, 'leaves', line, found);
    if (body === undefined || digits === undefined) continue;
    const leaf = parseLeaf(digits);
    if (leaf === undefined || leaf <= newest || leaf >= size) {
      const message =
        leaf === undefined ? 'it is not the number of a leaf' : 'it is not a leaf after the one before';
      found.add({
        level: 'inclusion',
        kind: leaf === undefined ? 'bad-line' : 'leaf-order',
        file: 'leaves',
        line,
        message,
      });
      continue;
    }
    newest = leaf;
    const hash = digest(event as Uint8Array);
    yield { line, leaf, body, hash: Buffer.from(hash).toString('hex'), digest: hash };
  }
}

function textOf(line: Line, file: string, at: number, found: Findings): string | undefined {
  const bad = (message: string): undefined => {
    found.add({ level: 'events', kind: 'bad-line', file, line: at, message });
  };
  if (line === 'too_long') return bad('it is too long');
  if (line === 'unended' || line === 'end') return bad('it does not end in a line feed');
  if (line.length === 0) return bad('it is empty');
  try {
    return decoder.decode(line);
  } catch {
    return bad('it is not UTF-8');
  }
}
