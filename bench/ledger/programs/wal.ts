// What 256 writers put into SQLite's write-ahead log. Argument: JSON of `LoadRequest`. Prints JSON.
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ChainWriter } from './chain-writer.ts';
import { type LoadRequest, warmUp, writeConcurrently } from './load.ts';
import { openStore } from './open-store.ts';

export interface WalResult {
  /** Bytes of log and of envelopes, per event. */
  readonly walBytes: number;
  readonly bytes: number;
}

const { dsn, writers, group, events, prefix } = JSON.parse(process.argv[2] ?? '{}') as LoadRequest;
const path = dsn.slice('file:'.length);
const store = await openStore(dsn);
const chains = new ChainWriter(store, prefix);
await writeConcurrently(writers, warmUp(writers), (writer) => chains.append(writer, group));
await store.trees.seal();

// While somebody reads an older state, nothing of the log can be used again.
const reader = new DatabaseSync(path, { readOnly: true });
reader.exec('BEGIN; SELECT count(*) FROM log');
const before = statSync(`${path}-wal`).size;
chains.bytes = 0;
await writeConcurrently(writers, Math.ceil(events / group), (writer) => chains.append(writer, group));
await store.trees.seal();
const walBytes = statSync(`${path}-wal`).size - before;
const result: WalResult = { walBytes: walBytes / events, bytes: chains.bytes / events };
process.stdout.write(`${JSON.stringify(result)}\n`);
reader.close();
await store.close();
