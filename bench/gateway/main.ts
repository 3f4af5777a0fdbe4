// Calls through Aegis against the same calls direct, in one run, order alternating, medians.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable, median, writeReport } from '../report.ts';
import { applyLoad, type Load, type Target } from './load.ts';
import { cpuMicroseconds, residentMegabytes, startNode } from './process.ts';

const ROUNDS = 5;
const ROUND_MS = 1500;
const CONCURRENCIES = [1, 16, 64];

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'aegis-bench-'));
const token = randomBytes(16).toString('hex');

function writeConfiguration(upstreamPort: string): string {
  mkdirSync(join(folder, '.aegis'), { mode: 0o700 });
  writeFileSync(join(folder, '.aegis/token'), token, { mode: 0o600 });
  writeFileSync(
    join(folder, 'manifest.yaml'),
    'server: bench\ntools:\n  echo: { capabilities: [fs.read], args: { path: path } }\n  forbidden: { capabilities: [fs.write] }\n',
  );
  const file = join(folder, 'aegis.toml');
  writeFileSync(
    file,
    `[daemon]
addr = "127.0.0.1:0"
[limits]
max_steps = 1000000000
max_tool_calls = 1000000000
max_wall_time_ms = 1000000000
[[agents]]
name = "bench"
token = { file = ".aegis/token" }
[[servers]]
name = "bench"
url = "http://127.0.0.1:${upstreamPort}/mcp"
max_concurrency = 256
manifest = "manifest.yaml"
[[policies]]
name = "mask"
invariant = true
action = "audit"
mask = ["email", "card"]
[[policies]]
name = "no-secrets"
action = "deny"
when = { path = ["/etc/*", "*/.ssh/*"] }
[[policies]]
name = "echo"
action = "allow"
when = { tool_name = "echo", path = "/srv/data/*" }
`,
  );
  return file;
}

interface Sample {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuPerCall: number;
}

async function sample(target: Target, pid: number, concurrency: number, forbids: boolean): Promise<Sample> {
  const before = cpuMicroseconds(pid);
  const load = await applyLoad(target, concurrency, ROUND_MS, forbids);
  const cpuPerCall = (cpuMicroseconds(pid) - before) / load.calls;
  return { perSecond: load.calls / load.seconds, p50: at(load, 0.5), p99: at(load, 0.99), cpuPerCall };
}

function at(load: Load, quantile: number): number {
  return load.latencies[Math.floor(quantile * (load.calls - 1))] ?? Number.NaN;
}

function pick(samples: readonly Sample[], key: keyof Sample): number {
  return median(samples.map((one) => one[key]));
}

const upstream = await startNode([join(root, 'bench/gateway/upstream.ts')], /^(\d+)$/, folder);
const upstreamPort = upstream.match[1] ?? '';
const configuration = writeConfiguration(upstreamPort);
const aegis = await startNode(
  [join(root, 'packages/aegis/bin/aegis.js'), 'start', '--config', configuration],
  /(http:\/\/127\.0\.0\.1:\d+\/mcp)/,
  folder,
);
const targets = {
  direct: {
    target: { url: `http://127.0.0.1:${upstreamPort}/mcp` },
    pid: upstream.child.pid ?? 0,
    forbids: false,
  },
  aegis: { target: { url: aegis.match[1] ?? '', token }, pid: aegis.child.pid ?? 0, forbids: true },
};

try {
  for (const { target, forbids } of Object.values(targets)) await applyLoad(target, 16, 1500, forbids);
  const rows: string[][] = [];
  for (const concurrency of CONCURRENCIES) {
    const samples: Record<keyof typeof targets, Sample[]> = { direct: [], aegis: [] };
    for (let round = 0; round < ROUNDS; round++) {
      const order = round % 2 === 0 ? (['direct', 'aegis'] as const) : (['aegis', 'direct'] as const);
      for (const name of order) {
        const { target, pid, forbids } = targets[name];
        samples[name].push(await sample(target, pid, concurrency, forbids));
      }
    }
    const { direct, aegis } = samples;
    rows.push([
      String(concurrency),
      pick(direct, 'perSecond').toFixed(0),
      pick(aegis, 'perSecond').toFixed(0),
      (pick(aegis, 'perSecond') / pick(direct, 'perSecond')).toFixed(2),
      pick(direct, 'cpuPerCall').toFixed(0),
      pick(aegis, 'cpuPerCall').toFixed(0),
      (pick(aegis, 'p50') - pick(direct, 'p50')).toFixed(2),
      (pick(aegis, 'p99') - pick(direct, 'p99')).toFixed(2),
    ]);
  }
  const table = markdownTable(
    [
      'concurrency',
      'direct calls/s',
      'Aegis calls/s',
      'ratio',
      'upstream CPU us/call',
      'Aegis CPU us/call',
      'added p50 ms',
      'added p99 ms',
    ],
    rows,
  );
  const memory = residentMegabytes(targets.aegis.pid).toFixed(0);
  writeReport(
    'gateway',
    'Calls through the gateway',
    `Streamable HTTP to Streamable HTTP, 1 KB results, one session per connection, policy, inspection, masking and
durable audit on; every fiftieth call is forbidden and was denied. Load, upstream and Aegis share the machine, so the
ratio of calls per second is that of a machine that is busy with all three. Medians of ${ROUNDS} rounds of ${ROUND_MS} ms,
order alternating. Resident memory of Aegis at the end: ${memory} MB.

${table}
`,
  );
} finally {
  for (const { child } of [aegis, upstream]) child.kill('SIGTERM');
  await new Promise((done) => aegis.child.once('exit', done));
  rmSync(folder, { recursive: true, force: true });
}
