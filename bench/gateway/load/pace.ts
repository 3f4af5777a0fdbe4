// A worker that sends a message every so many milliseconds, fractions included.
import { parentPort, workerData } from 'node:worker_threads';

const interval = Number(workerData);
const never = new Int32Array(new SharedArrayBuffer(4));

for (let next = performance.now(); ; next += interval) {
  Atomics.wait(never, 0, 0, Math.max(0, next - performance.now()));
  parentPort?.postMessage(undefined, []);
}
