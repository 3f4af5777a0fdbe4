import { writeSync } from 'node:fs';

/** What a program is asked to do. */
export interface LoadRequest {
  /** `file:` and a path, or a PostgreSQL connection string. */
  readonly dsn: string;
  readonly writers: number;
  /** Events in one append: 3 are a denied call. */
  readonly group: number;
  readonly events: number;
  /** Begins the names of the sessions, so that no two runs share one. */
  readonly prefix: string;
}

/** What a run of writers took. */
export interface LoadResult {
  readonly appends: number;
  readonly seconds: number;
  /** CPU time of the process that writes, user and system. */
  readonly cpuUs: number;
  /** Of an append. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Appends that are made before the measurement, so that what is measured is compiled. */
export function warmUp(writers: number): number {
  return writers === 1 ? 300 : 10_000;
}

/** Says on standard output that what comes now is measured; then what else is counted is counted. */
export function sayBegun(): void {
  writeSync(1, 'begun\n');
}

/** So many writers, each with one append in flight, until so many appends are durable. */
export async function writeConcurrently(
  writers: number,
  appends: number,
  append: (writer: number) => Promise<void>,
  finish: () => Promise<void> = () => Promise.resolve(),
): Promise<LoadResult> {
  const latencies = new Float64Array(appends);
  const cpu = process.cpuUsage();
  const started = performance.now();
  let next = 0;
  const write = async (writer: number): Promise<void> => {
    for (let n = next++; n < appends; n = next++) {
      const sent = performance.now();
      await append(writer);
      latencies[n] = performance.now() - sent;
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  await finish();
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort();
  return {
    appends,
    seconds: (performance.now() - started) / 1000,
    cpuUs: user + system,
    p50Ms: latencies[appends >> 1] ?? Number.NaN,
    p99Ms: latencies[Math.floor(appends * 0.99)] ?? Number.NaN,
  };
}
