import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { codeOf, type EventDraft } from '@aegis/core';
import { Sessions } from '../../src/enforce/sessions.ts';
import { openSealedLedger } from '../../src/evidence/sealed-ledger.ts';
import { createIds, sha256, systemClock, utf8 } from '../../src/platform.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { toolCall } from '../store/session-writer.ts';

// A process of its own with one session: one call that ran, one that was allowed and has no outcome, one
// that was not decided. Then it records something every 20 ms, and says what came of it, until it is killed.
const [path = '', folder = ''] = process.argv.slice(2);

const ledger = await openSealedLedger({
  store: openSqliteStore(path),
  folder,
  clock: systemClock,
  sealIntervalMs: 1_000,
  witnesses: [],
  anchor: undefined,
  warn: () => {},
});
const ports = { clock: systemClock, ids: createIds(systemClock), store: ledger, sha256, utf8 };
const session = await new Sessions(ports).open(
  { tenant: 'acme', agent: 'bot', user: 'bot', door: 'mcp-stdio' },
  '0'.repeat(64),
);
await session.record(toolCall('done'));
await session.record(toolCall('open').slice(0, 3) as [EventDraft, ...EventDraft[]]);
await session.record(toolCall('undecided').slice(0, 1) as [EventDraft, ...EventDraft[]]);
writeSync(1, `session ${session.identity.session}\n`);
for (;;) {
  await setTimeout(20);
  try {
    await session.ready();
    await session.record([{ type: 'ERROR_RAISED', payload: { code: 'INTERNAL', message: 'still here' } }]);
    writeSync(1, 'recorded\n');
  } catch (error) {
    writeSync(1, `refused ${codeOf(error)}\n`);
  }
}
