import { writeSync } from 'node:fs';
import { openSealedLedger } from '../../packages/aegis/src/evidence/sealed-ledger.ts';
import { systemClock } from '../../packages/aegis/src/platform.ts';
import { openSqliteStore } from '../../packages/aegis/src/store/sqlite.ts';
import {
  archived,
  ended,
  erased,
  note,
  SessionWriter,
  started,
  toolCall,
  valuesOf,
} from '../../packages/aegis/test/store/session-writer.ts';

// A process that does everything that changes a ledger, one step after the other, and says on its standard
// output what was acknowledged. It is struck down, or its disk fails, somewhere in the middle.
const [file = '', keys = '', name = ''] = process.argv.slice(2);

const say = (line: string): void => void writeSync(1, `${line}\n`);

const ledger = await openSealedLedger({
  store: openSqliteStore(file),
  folder: keys,
  clock: systemClock,
  sealIntervalMs: 3_600_000,
  witnesses: [],
  anchor: undefined,
  warn: () => {},
});
say('opened');

const work = new SessionWriter(`${name}_work`);
const own = new SessionWriter(`${name}_own`);
const append = async (writer: SessionWriter, request: ReturnType<SessionWriter['seal']>): Promise<void> => {
  await ledger.append(request);
  say(`stored ${writer.session} ${writer.snapshot.events}`);
};

await append(own, own.seal(started));
const first = work.seal(started, ...toolCall('c1'), ...toolCall('c2'));
await append(work, first);
await ledger.sealNow();
say(`sealed ${(await ledger.trees.checkpoint('acme'))?.size}`);

let position = 0;
for await (const entry of ledger.entries())
  if (entry.hash === first.entries[0].hash) position = entry.position;
const [value] = valuesOf(first, position);
if (value === undefined) throw new Error('nothing was sealed beside the events');
await ledger.erase(own.seal(erased(value.hash)), [value]);
say(`erased ${value.hash} ${value.position}`);

await append(work, work.seal(note('the last one'), ended));
await ledger.archive(own.seal(archived(`${name}_segment`, 1, 13)), `${name}_segment`, [
  { tenant: 'acme', session: work.session },
]);
say(`archived ${work.session}`);

await append(own, own.seal(note('after all of it')));
await ledger.sealNow();
say(`sealed ${(await ledger.trees.checkpoint('acme'))?.size}`);
await ledger.close();
say('closed');
