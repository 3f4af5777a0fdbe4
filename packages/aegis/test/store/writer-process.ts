import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { SessionWriter, started, toolCall } from './session-writer.ts';

// A process of its own that writes whole tool calls to several sessions at once and says on its
// standard output, line by line, what was acknowledged: `session next_seq`.
const [path = '', name = '', calls = '0'] = process.argv.slice(2);
const SESSIONS = 8;

const store = openSqliteStore(path);

async function run(session: string): Promise<void> {
  const writer = new SessionWriter(session);
  await store.append(writer.seal(started));
  for (let i = 0; i < Number(calls); i++) {
    const request = writer.seal(...toolCall(`c${i}`));
    await store.append(request);
    writeSync(1, `${session} ${writer.snapshot.events}\n`);
  }
}

await Promise.all(Array.from({ length: SESSIONS }, (_, i) => run(`${name}_${i}`)));
await store.close();
