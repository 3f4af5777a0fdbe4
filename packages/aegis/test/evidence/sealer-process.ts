import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { openSealedLedger } from '../../src/evidence/sealed-ledger.ts';
import { systemClock } from '../../src/platform.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { note, SessionWriter, started } from '../store/session-writer.ts';

// A process of its own that appends to a sealed ledger, one event and one round of sealing after the
// other, and says on its standard output what was signed: the size of its tenant's log. Without a number
// of events it goes on until it is killed.
const [path = '', folder = '', name = '', events = '0', at = '0'] = process.argv.slice(2);

await setTimeout(Math.max(0, Number(at) - Date.now()));
const ledger = await openSealedLedger({
  store: openSqliteStore(path),
  folder,
  clock: systemClock,
  sealIntervalMs: 5,
  witnesses: [],
  anchor: undefined,
  warn: (text) => writeSync(2, `${text}\n`),
});
const writer = new SessionWriter(`ses_${name}`);
await ledger.append(writer.seal(started));
const last = events === '0' ? Infinity : Number(events);
for (let i = 1; i < last; i++) {
  await ledger.append(writer.seal(note(`event ${i}`)));
  await ledger.sealNow();
  const signed = await ledger.trees.checkpoint('acme');
  writeSync(1, `${signed?.size}\n`);
}
await ledger.close();
