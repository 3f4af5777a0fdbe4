// A policy compiled to WebAssembly, in a thread of its own: it can be stopped there, and its memory is bounded.
import { parentPort, workerData } from 'node:worker_threads';
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import type { WorkerAnswer, WorkerSettings } from './thread.ts';

const { module, data, entrypoint, memoryPages } = workerData as WorkerSettings;
const port = parentPort;
if (port === null) throw new TypeError('this is the program of a worker');

const say = (answer: WorkerAnswer): void => port.postMessage(answer);

/** What it is made of, and some pages to work in. */
const initial = Math.min(memoryPages, Math.ceil(module.byteLength / 65_536) + 16);

// What policies print is heard by nobody, and must not pile up.
Object.assign(console, { log: () => {}, error: () => {} });

try {
  const policy = await loadPolicy(module, { initial, maximum: memoryPages });
  if (data !== undefined) policy.setData(JSON.parse(data) as object);
  port.on('message', (input: ArrayBuffer) => {
    try {
      const [first] = policy.evaluate(input, entrypoint) as { readonly result?: never }[];
      say({ kind: 'answer', value: first?.result });
    } catch (error) {
      say({ kind: 'failed', message: messageOf(error) });
    }
  });
  say({ kind: 'ready', entrypoints: Object.keys(policy.entrypoints) });
} catch (error) {
  say({ kind: 'unusable', message: messageOf(error) });
}

/** The engine throws texts. */
function messageOf(error: unknown): string {
  return typeof error === 'string' ? error : error instanceof Error ? error.message : 'unknown error';
}
