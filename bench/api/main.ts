// The HTTP API beside a bare server that does the same JSON work, and what the SDK adds to an action in process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEmbedded } from '@aegis/aegis';
import { Action, AegisRuntime, type Door } from '@aegis/sdk';
import { startDaemon } from '../../test/e2e/aegis.ts';
import { markdownTable, median, writeReport } from '../report.ts';
import { perSecond, Sender } from './load.ts';

const CONCURRENCY = [1, 16, 64];
const ROUNDS = 3;
const FOR_MS = 500;
const TOKEN = 'bench-token';

const CONFIGURATION = `
[daemon]
addr = "127.0.0.1:0"

[limits]
max_steps = 10000000
max_tool_calls = 10000000
max_wall_time_ms = 3600000

[[agents]]
name = "bench"
token = { env = "BENCH" }

[[policies]]
name = "no-deleting"
action = "deny"
when = { tool_name = "delete" }

[[policies]]
name = "all"
action = "allow"
`;

const HOW = `A daemon and a bare \`node:http\` server, each in a process of its own, asked in turns by one client on the same machine
over connections that are kept: medians of ${ROUNDS} rounds of ${FOR_MS} ms. The bare server parses a body and answers an object; the ratio is what
authority, schemas, the decision and the ledger cost together. An action is two requests, and six events that are durable before
they are answered (\`group\`): one at a time waits for the disk twice, many share its turns. Repeat with \`npm run bench:api\`; \`-- --write\` keeps the results.`;

interface Row {
  readonly concurrency: number;
  readonly bare: number;
  readonly decide: number;
  readonly actions: number;
}

let number = 0;
const numbered = () => ({ table: 'users', number: number++ });

async function startBare(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('bare.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { url: `http://127.0.0.1:${String(line).trim()}`, stop: () => child.kill() };
}

async function overHttp(url: string, bareUrl: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const concurrency of CONCURRENCY) {
    const daemon = new Sender({ url, token: TOKEN }, concurrency);
    const bare = new Sender({ url: bareUrl, token: TOKEN }, concurrency);
    const { session } = await daemon.post<{ session: string }>('/v1/sessions', {});
    const rounds: { bare: number; decide: number; actions: number }[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      rounds.push({
        bare: await perSecond(FOR_MS, concurrency, () => bare.post('/', { params: numbered() })),
        decide: await perSecond(FOR_MS, concurrency, () =>
          daemon.post('/v1/policy/decide', { server: 'database', name: 'read', arguments: numbered() }),
        ),
        actions: await perSecond(FOR_MS, concurrency, async () => {
          const action = { session, type: 'read', target: 'database', params: numbered() };
          const allowed = await daemon.post<{ action: string }>('/v1/actions', action);
          const path = `/v1/actions/${allowed.action}/result`;
          await daemon.post(path, { outcome: 'success', result: { rows: 3 } });
        }),
      });
    }
    daemon.close();
    bare.close();
    // The first round warms up.
    const of = (name: 'bare' | 'decide' | 'actions') => median(rounds.slice(1).map((one) => one[name]));
    rows.push({ concurrency, bare: of('bare'), decide: of('decide'), actions: of('actions') });
  }
  return rows;
}

/** A door behind which nothing is decided: what is left is the SDK itself. */
const OPEN_DOOR: Door = {
  open: async () => 'ses_0',
  propose: async (_, { params }) => ({
    status: 'allowed',
    action: 'call_0',
    params,
    timeout_ms: 30_000,
    max_output_bytes: 1_000_000,
  }),
  report: async (_, outcome) =>
    outcome.outcome === 'success'
      ? { status: 'recorded', result: outcome.result }
      : { status: 'failed', error: outcome.error },
  decide: () => Promise.reject(new TypeError('nothing is decided here')),
  note: async () => {},
  handOff: () => Promise.reject(new TypeError('nothing is handed on here')),
  end: async () => {},
  close: async () => {},
};

async function inProcess(folder: string): Promise<readonly (readonly [string, number])[]> {
  const run = async (door: Door): Promise<number> => {
    const runtime = new AegisRuntime({ door, executors: { read: () => ({ rows: 3 }) } });
    const work = () => runtime.runOne(new Action('read', 'database', numbered()));
    await perSecond(FOR_MS, 1, work);
    const rate = await perSecond(2 * FOR_MS, 1, work);
    await runtime.close();
    return 1_000_000 / rate;
  };
  const sdk = await run(OPEN_DOOR);
  const durable = await run(await openEmbedded({ config: join(folder, 'aegis.toml') }));
  const relaxed = join(folder, 'relaxed', 'aegis.toml');
  mkdirSync(dirname(relaxed));
  writeFileSync(relaxed, `${CONFIGURATION}\n[store]\ndurability = "relaxed"\n`);
  const lossy = await run(await openEmbedded({ config: relaxed }));
  return [
    ['the SDK alone, before a door that decides nothing', sdk],
    ['with the kernel and the ledger in the process, `durability = "relaxed"`', lossy],
    ['the same, `durability = "group"`', durable],
  ];
}

const folder = mkdtempSync(join(tmpdir(), 'aegis-bench-api-'));
const configuration = join(folder, 'aegis.toml');
writeFileSync(configuration, CONFIGURATION);
const bare = await startBare();
const daemon = await startDaemon(configuration, { BENCH: TOKEN });
let rows: readonly Row[];
try {
  rows = await overHttp(daemon.url.replace(/\/mcp$/, ''), bare.url);
} finally {
  bare.stop();
  await daemon.stop();
}
const local = await inProcess(folder);
rmSync(folder, { recursive: true, force: true });

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
const body = [
  HOW,
  markdownTable(
    [
      'at once',
      'bare, requests a second',
      'decisions a second',
      'to bare',
      'actions a second',
      'requests of them, to bare',
    ],
    rows.map(({ concurrency, bare: plain, decide, actions }) => [
      String(concurrency),
      whole(plain),
      whole(decide),
      (decide / plain).toFixed(2),
      whole(actions),
      ((2 * actions) / plain).toFixed(2),
    ]),
  ),
  '## One action in process, one after the other',
  markdownTable(
    ['what', 'us an action'],
    local.map(([what, us]) => [what, us.toFixed(1)]),
  ),
].join('\n\n');
if (process.argv.includes('--write')) writeReport('api', 'The HTTP API and the SDK', body);
else process.stdout.write(`${body}\n`);
