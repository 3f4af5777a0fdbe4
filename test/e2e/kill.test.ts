import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aegis, connectHttp, startDaemon } from './aegis.ts';
import { eventsIn, openCallsIn } from './ledger.ts';

const ROUNDS = 4;
const CALLS = 200;

/** A process that was not heard of for so long is taken for dead. */
const LEASE_MS = 21_000;

let folder: string;
let configuration: string;
let journal: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'aegis-kill-'));
  mkdirSync(join(folder, '.aegis'), { mode: 0o700 });
  writeFileSync(join(folder, '.aegis/token'), 'kill-test-token', { mode: 0o600 });
  journal = join(folder, 'journal');
  configuration = join(folder, 'aegis.toml');
  const server = fileURLToPath(new URL('./journal-server.ts', import.meta.url));
  writeFileSync(
    configuration,
    `[daemon]
addr = "127.0.0.1:0"
[limits]
max_steps = 100000
max_tool_calls = 100000
[[agents]]
name = "killed"
token = { file = ".aegis/token" }
[[servers]]
name = "journal"
command = [${JSON.stringify(process.execPath)}, ${JSON.stringify(server)}, ${JSON.stringify(journal)}]
[[policies]]
name = "write"
action = "allow"
when = { tool_name = "write" }
`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The numbers of all calls that the ledger says were allowed before it lost its writer. */
function allowed(): Set<number> {
  const db = new DatabaseSync(join(folder, '.aegis/aegis.db'), { readOnly: true });
  const bodies = (db.prepare('select body from event order by position').all() as { body: string }[]).map(
    ({ body }) => JSON.parse(body),
  );
  const intents = new Set<string>();
  for (const { event_type, payload } of bodies) {
    if (event_type === 'TOOL_CALL_ALLOWED') intents.add(payload.call_id);
  }
  const numbers = new Set<number>();
  const blob = db.prepare('select bytes from blob where hash = ?');
  for (const { event_type, payload } of bodies) {
    if (event_type !== 'TOOL_CALL_PROPOSED' || !intents.has(payload.call_id)) continue;
    const row = blob.get(Buffer.from(payload.$sealed['/args'].h, 'hex')) as { bytes: Uint8Array };
    numbers.add(JSON.parse(Buffer.from(row.bytes.subarray(32)).toString()).n);
  }
  db.close();
  return numbers;
}

describe('a daemon killed in the middle of 200 concurrent calls', () => {
  it('leaves a chain that verifies, and no executed call without its intent', async () => {
    let executedInAll = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const daemon = await startDaemon(configuration);
      const client = await connectHttp(daemon.url, 'kill-test-token');
      client.onerror = () => {};
      const call = (index: number): Promise<unknown> =>
        client.callTool({ name: 'write', arguments: { n: round * CALLS + index } }).catch(() => undefined);
      const early = Array.from({ length: CALLS / 2 }, (_, index) => call(index));
      await Promise.race(early.slice(10 + round * 20));
      // Calls that came together are written together: others are on their way when it ends.
      for (let index = CALLS / 2; index < CALLS; index++) void call(index);
      await setTimeout(round * 2);
      await daemon.stop('SIGKILL');
      // Requests that nobody will answer any more.
      void client.close().catch(() => {});

      const executed = readFileSync(journal, 'utf8').trim().split('\n').map(Number);
      executedInAll = executed.length;
      const intents = allowed();
      expect(executed.filter((n) => !intents.has(n))).toEqual([]);
      const verified = await aegis(['verify-ledger', '--config', configuration, '--json']);
      expect(verified.code).toBe(0);
      expect(JSON.parse(verified.stdout)).toMatchObject({ intact: true });
    }
    // The kills came in the middle: some calls had run, and some had not.
    expect(executedInAll).toBeGreaterThan(ROUNDS);
    expect(executedInAll).toBeLessThan(ROUNDS * CALLS);
  });

  it('leaves no server behind', async () => {
    const pids = readFileSync(`${journal}.pids`, 'utf8').trim().split('\n').map(Number);
    expect(pids).toHaveLength(ROUNDS);
    await expect.poll(() => pids.filter((pid) => isAlive(pid)), { timeout: 10_000 }).toEqual([]);
  });

  it('starts again, and says of what nobody saw the end of that nobody knows', {
    timeout: 90_000,
  }, async () => {
    const ledger = join(folder, '.aegis/aegis.db');
    const open = openCallsIn(ledger);
    expect(open.length).toBeGreaterThan(0);
    // As long as it is not sure that the others are dead, nothing is said in their place.
    await setTimeout(LEASE_MS);
    const daemon = await startDaemon(configuration);
    const client = await connectHttp(daemon.url, 'kill-test-token');
    expect(await client.callTool({ name: 'write', arguments: { n: -1 } })).not.toMatchObject({
      isError: true,
    });
    await client.close();
    expect(await daemon.stop()).toBe(0);
    const unknown = eventsIn(ledger).filter(
      ({ type, payload }) => type === 'TOOL_RESULT' && payload['outcome'] === 'unknown',
    );
    expect(unknown.map(({ payload }) => payload['call_id'])).toEqual(expect.arrayContaining([...open]));
    expect(openCallsIn(ledger)).toEqual([]);
    expect((await aegis(['verify-ledger', '--config', configuration])).code).toBe(0);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
