import { setImmediate as breath, setTimeout } from 'node:timers/promises';
import { AegisError, type JsonValue, type Rendering } from '@aegis/core';
import type { StoredEntry } from '../ports.ts';
import type { Place, PlaceFile } from './place.ts';
import { type ReadBlob, recordOf } from './record.ts';
import type { Sink } from './sinks/sink.ts';

/** How often the ledger is looked at for what is new, in milliseconds. */
const POLL_MS = 250;
/** Most events that are read, and so kept in memory, at a time. */
const BATCH = 500;

/** Events between two turns for others. */
const EVENTS_A_TURN = 50;

/** What a follower reads, in commit order. */
export type ReadEntries = (options: {
  readonly after: number;
  readonly limit: number;
}) => AsyncIterable<StoredEntry>;

export interface FollowerOptions {
  readonly entries: ReadEntries;
  /** Reads sealed values; undefined: they stay where they are. */
  readonly blob: ReadBlob | undefined;
  readonly place: Pick<PlaceFile, 'read' | 'save'>;
  readonly openRendering: (state: JsonValue) => Rendering;
  readonly sink: Sink;
  /** Whether an event is passed on; undefined: each is. */
  readonly wanted?: (entry: StoredEntry) => boolean;
  /** The position behind which a new follower begins; undefined: before the first event. */
  readonly begin?: () => Promise<number>;
  /** From when on events are passed on, and until when, in Unix milliseconds; it stops before the first that is later. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Whether to go on with what comes. */
  readonly follow: boolean;
  readonly onProgress?: (position: number, events: number) => void;
}

/**
 * Brings the events of a ledger to a sink, in their order, and remembers how far it came. Nobody waits for it:
 * what it did not read yet is kept by the ledger. Resolves at the end of the ledger, with `follow` when `signal`
 * ends. Rejects with what went wrong; it can then be run again.
 */
export async function follow(options: FollowerOptions, signal: AbortSignal): Promise<void> {
  try {
    await bring(options, signal);
  } finally {
    await options.sink.close();
  }
}

async function bring(options: FollowerOptions, signal: AbortSignal): Promise<void> {
  const { place, sink, entries } = options;
  let at = place.read();
  if (at.hash === '' && at.position === 0) at = { ...at, ...(await beginningOf(options)) };
  else await checkLedger(entries, at);
  at = { ...at, sink: await sink.resume(at.sink) };
  place.save(at);
  const rendering = options.openRendering(at.rendering);
  while (!signal.aborted) {
    const batch = await readBatch(options, rendering, at.position);
    if (batch.newest !== undefined) {
      const { position, hash } = batch.newest;
      const delivery = { lines: batch.lines, first: at.position + 1, last: position };
      if (batch.lines.length > 0) {
        // Saved before anything is written there, so that it can be cut off again.
        if (await sink.hasMoved()) {
          at = { ...at, sink: await sink.resume(at.sink) };
          place.save(at);
        }
        at = { ...at, sink: await sink.write(delivery, signal) };
      }
      at = { position, hash, rendering: rendering.state(), sink: at.sink };
      place.save(at);
      options.onProgress?.(position, batch.passed);
    }
    if (batch.isAtEnd) {
      if (!options.follow || batch.isPast) return;
      await setTimeout(POLL_MS, undefined, { signal }).catch(() => {});
    }
    await breath();
  }
}

interface Batch {
  readonly lines: readonly string[];
  /** The newest event that was read, and how many were passed on. */
  readonly newest: StoredEntry | undefined;
  readonly passed: number;
  readonly isAtEnd: boolean;
  readonly isPast: boolean;
}

async function readBatch(
  { entries, blob, wanted, fromMs, toMs }: FollowerOptions,
  rendering: Rendering,
  after: number,
): Promise<Batch> {
  const lines: string[] = [];
  let newest: StoredEntry | undefined;
  let read = 0;
  let passed = 0;
  for await (const entry of entries({ after, limit: BATCH })) {
    if (++read % EVENTS_A_TURN === 0) await breath();
    const isOurs = wanted === undefined || wanted(entry);
    const record = await recordOf(entry, isOurs ? blob : undefined);
    const atMs = record.envelope.ts_unix_ms;
    if (toMs !== undefined && atMs >= toMs) return { lines, newest, passed, isAtEnd: true, isPast: true };
    newest = entry;
    if (!isOurs) continue;
    const made = rendering.take(record);
    if (fromMs !== undefined && atMs < fromMs) continue;
    passed += 1;
    lines.push(...made);
  }
  return { lines, newest, passed, isAtEnd: read < BATCH, isPast: false };
}

async function beginningOf({ begin, entries }: FollowerOptions): Promise<Pick<Place, 'position' | 'hash'>> {
  const position = (await begin?.()) ?? 0;
  for await (const entry of entries({ after: Math.max(0, position - 1), limit: 1 })) {
    if (entry.position === position) return { position, hash: entry.hash };
  }
  return { position: 0, hash: '' };
}

/** A place is one in this ledger when the event there is the one that it names, or is archived. */
async function checkLedger(entries: ReadEntries, { position, hash }: Place): Promise<void> {
  if (position === 0) return;
  for await (const entry of entries({ after: position - 1, limit: 1 })) {
    if (entry.position !== position || entry.hash === hash) return;
    throw new AegisError(
      'INPUT_INVALID',
      `position ${position} of this ledger is another event than the one exported`,
      {
        help: 'the place belongs to another ledger, or to this one before it was restored: begin a new file',
      },
    );
  }
  throw new AegisError(
    'INPUT_INVALID',
    `this ledger does not reach position ${position}, which was exported`,
    {
      help: 'the place belongs to another ledger, or to this one before it was restored: begin a new file',
    },
  );
}
