import { markdownTable, median, quantile } from '../report.ts';
import { type Call, type Engine, enginesFor, peerCalls } from './peers.ts';
import { cpuMs } from './workload.ts';

const ROUNDS = 5;
const ROUND_MS = 100;
const CALLS = 1024;

interface Measured {
  readonly engine: Engine;
  readonly calls: readonly Call[];
  readonly perCpuSecond: number[];
  readonly p50: number[];
}

/** For so long as a round lasts; slow engines decide a part of the calls. Nothing is timed inside. */
function throughput({ engine, calls }: Measured): number {
  const started = process.cpuUsage();
  let decided = 0;
  for (let batch = 1; cpuMs(started) < ROUND_MS; batch = Math.min(1024, batch * 2)) {
    for (let i = 0; i < batch; i++) engine.allows(calls[(decided + i) % calls.length] as Call);
    decided += batch;
    // One batch of a slow engine is no more than a part of a round.
    if (decided > 1 && cpuMs(started) / decided > 0.1) batch = 1;
  }
  return (decided / cpuMs(started)) * 1000;
}

/** Wall time of single calls, in microseconds. */
function latency({ engine, calls }: Measured): number {
  const times: number[] = [];
  const started = performance.now();
  for (let i = 0; i < calls.length && performance.now() - started < ROUND_MS; i++) {
    const before = performance.now();
    engine.allows(calls[i] as Call);
    times.push((performance.now() - before) * 1000);
  }
  return quantile(times, 0.5);
}

/** Fails when engines do not agree. */
function agree([ours, ...others]: readonly Engine[], calls: readonly Call[]): void {
  for (const call of calls.slice(0, 200)) {
    for (const other of others) {
      if (ours?.allows(call) !== other.allows(call)) {
        throw new Error(`${other.name} decides otherwise about ${call.tool} ${call.path}`);
      }
    }
  }
}

/** The same task in every engine, at each number of rules, in turn. */
export async function peerTable(sizes: readonly number[]): Promise<string> {
  const rows: string[][] = [];
  for (const size of sizes) {
    const engines = await enginesFor(size);
    const calls = peerCalls(CALLS, size);
    agree(engines, calls);
    const measured = engines.map((engine): Measured => ({ engine, calls, perCpuSecond: [], p50: [] }));
    for (let round = -1; round < ROUNDS; round++) {
      for (const one of measured) {
        const rate = throughput(one);
        const p50 = latency(one);
        if (round < 0) continue;
        one.perCpuSecond.push(rate);
        one.p50.push(p50);
      }
    }
    const ours = median(measured[0]?.perCpuSecond ?? []);
    for (const { engine, perCpuSecond, p50 } of measured) {
      const rate = median(perCpuSecond);
      rows.push([
        size.toLocaleString('en'),
        engine.name,
        Math.round(rate).toLocaleString('en'),
        `1 : ${(ours / rate).toFixed(0)}`,
        median(p50).toFixed(1),
      ]);
    }
  }
  return markdownTable(['rules', 'engine', 'decisions per CPU second', 'to Aegis', 'p50 us'], rows);
}
