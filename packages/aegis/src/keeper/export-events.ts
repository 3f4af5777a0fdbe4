import { existsSync, statSync } from 'node:fs';
import { AegisError, type ExportFormat, openRendering } from '@aegis/core';
import { openEvidenceView } from '../daemon/evidence.ts';
import type { LedgerView } from '../ledger-ports.ts';
import { sha256 } from '../platform.ts';
import { follow, type ReadEntries } from '../telemetry/follower.ts';
import { type Place, PlaceFile } from '../telemetry/place.ts';
import { FileSink } from '../telemetry/sinks/file.ts';
import { streamSink } from '../telemetry/sinks/stream.ts';
import { VERSION } from '../version.ts';
import type { LedgerPlace } from './place.ts';

export interface EventExport {
  readonly format: ExportFormat;
  /** The absolute path of a file, which has its place beside it, or a stream. */
  readonly to: string | NodeJS.WritableStream;
  readonly tenant: string | undefined;
  readonly payloads: boolean;
  /** Unix milliseconds. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly follow: boolean;
}

/** What an export has done this time. */
export interface ExportedEvents {
  readonly events: number;
  /** Position of the newest event that was looked at, in this ledger. */
  readonly position: number;
}

/**
 * Writes events in a format, from where an earlier export to the same file stopped, however that ended. The
 * ledger is only read. Fails with `INPUT_INVALID` and `STORE_UNAVAILABLE`.
 */
export async function exportEvents(
  { configuration, environment }: LedgerPlace,
  wanted: EventExport,
  signal: AbortSignal,
  onProgress: (events: number) => void,
): Promise<ExportedEvents> {
  const { format, to, tenant, payloads, fromMs, toMs } = wanted;
  const place = typeof to === 'string' ? openPlace(to, wanted) : forgotten();
  const ledger = new NewestView(() => openEvidenceView(configuration, environment));
  const gone = new AbortController();
  const sink = typeof to === 'string' ? new FileSink(to) : streamSink(to, () => gone.abort());
  const end = AbortSignal.any([signal, gone.signal]);
  let events = 0;
  try {
    await follow(
      {
        entries: (options) => ledger.entries(options),
        blob: payloads ? (hash, position) => ledger.blob(hash, position) : undefined,
        place,
        sink,
        fromMs,
        toMs,
        follow: wanted.follow,
        ...(tenant === undefined ? {} : { wanted: (entry) => entry.tenant === tenant }),
        openRendering: (state) => openRendering({ format, version: VERSION, sha256 }, state),
        onProgress: (_, passed) => {
          events += passed;
          onProgress(events);
        },
      },
      end,
    ).catch((error: unknown) => {
      if (!end.aborted) throw error;
    });
    return { events, position: place.read().position };
  } finally {
    await ledger.close();
    place.close();
  }
}

function openPlace(file: string, { format, tenant, payloads, fromMs }: EventExport): PlaceFile {
  const place = `${file}.place`;
  if (!existsSync(place) && existsSync(file) && statSync(file).size > 0) {
    throw new AegisError(
      'INPUT_INVALID',
      `\`${file}\` is there, and \`${place}\`, which goes with it, is not`,
      {
        help: 'name a new file',
      },
    );
  }
  const from = fromMs === undefined ? '' : ' from a time on';
  return PlaceFile.open(place, `${format} of ${tenant ?? 'all'}${payloads ? ' with payloads' : ''}${from}`);
}

/** The place of what is written to a stream: the next export begins anew. */
function forgotten(): Pick<PlaceFile, 'read' | 'save' | 'close'> {
  let at: Place = { position: 0, hash: '', rendering: null, sink: null };
  return {
    read: () => at,
    save: (place) => {
      at = place;
    },
    close: () => {},
  };
}

/** A ledger as it was at one moment, and again as it is when all of that was read. */
class NewestView {
  readonly #open: () => Promise<LedgerView>;
  #view: LedgerView | undefined;
  #isRead = false;

  constructor(open: () => Promise<LedgerView>) {
    this.#open = open;
  }

  async *entries(options: Parameters<ReadEntries>[0]): ReturnType<ReadEntries> {
    if (this.#isRead) await this.close();
    this.#isRead = false;
    this.#view ??= await this.#open();
    let read = 0;
    for await (const entry of this.#view.entries(options)) {
      read += 1;
      yield entry;
    }
    this.#isRead = read < options.limit;
  }

  async blob(hash: string, position: number): Promise<Uint8Array | undefined> {
    return this.#view?.blob(hash, position);
  }

  async close(): Promise<void> {
    await this.#view?.close();
    this.#view = undefined;
  }
}
