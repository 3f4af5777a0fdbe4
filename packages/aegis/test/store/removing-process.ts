import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { archived, ended, erased, SessionWriter, started, toolCall, valuesOf } from './session-writer.ts';

// A process of its own that seals, erases or archives what it writes, over and over, and says on its
// standard output what it has done.
const [path = '', name = '', what = '', rounds = '0', secret = ''] = process.argv.slice(2);
const SESSIONS = 12;
const CALLS = 20;

const store = openSqliteStore(path);
const own = new SessionWriter(`own_${name}`);
await store.append(own.seal(started));

for (let round = 0; round < Number(rounds); round++) {
  const sessions = Array.from({ length: SESSIONS }, (_, i) => `${name}_${round}_${i}`);
  const values = [];
  for (const session of sessions) {
    const calls = Array.from({ length: CALLS }, (_, i) => toolCall(`c${i}`, secret)).flat();
    const request = new SessionWriter(session).seal(started, ...calls, ended);
    await store.append(request);
    // What another process has written meanwhile stands in between.
    for await (const { position } of store.session('acme', session)) {
      values.push(...valuesOf(request, position));
      break;
    }
  }
  writeSync(1, `written ${round}\n`);
  if (what === 'seal') await store.trees.seal();
  if (what === 'erase') await store.erase(own.seal(erased(...values.map(({ hash }) => hash))), values);
  if (what === 'archive') {
    const places = sessions.map((session) => ({ tenant: 'acme', session }));
    const events = SESSIONS * (5 * CALLS + 2);
    await store.archive(own.seal(archived(`${name}_${round}`, SESSIONS, events)), `${name}_${round}`, places);
  }
  writeSync(1, `${what} ${round}\n`);
}
await store.close();
