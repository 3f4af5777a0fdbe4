// Moves pages of the write-ahead log into the ledger whenever it is asked to.
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Backfilled, BackfillQuestion, BackfillSettings } from './backfill.ts';

const port = parentPort;
if (port === null) throw new TypeError('this is the program of a worker');

const { path } = workerData as BackfillSettings;
const url = pathToFileURL(path);
// A ledger that was taken away is not made anew.
url.searchParams.set('mode', 'rw');
const db = new DatabaseSync(url);
// The log is flushed before it is read, and the ledger before the log may begin anew.
db.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA trusted_schema = OFF;');
const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');

port.on('message', (question: BackfillQuestion) => {
  if (question === 'move') {
    port.postMessage(move());
  } else {
    db.close();
    port.close();
  }
});

/** Waits for nobody: what somebody still reads or moves is left to the next time. */
function move(): Backfilled | undefined {
  try {
    const { busy, log, checkpointed } = checkpoint.get() ?? {};
    return busy === 0 ? { pages: Number(log), moved: Number(checkpointed) } : undefined;
  } catch {
    return undefined;
  }
}
