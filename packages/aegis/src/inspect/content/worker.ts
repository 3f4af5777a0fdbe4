// Reads large content in a thread of its own, so that other calls are answered meanwhile.
import { parentPort } from 'node:worker_threads';
import { compileKnownValues, NO_KNOWN_VALUES } from '@aegis/core';
import { patternCompiler, work } from './job.ts';
import type { ThreadAnswer, ThreadQuestion } from './thread.ts';

const port = parentPort;
if (port === null) throw new TypeError('this is the program of a worker');

const compile = patternCompiler();
let known = NO_KNOWN_VALUES;

const say = (answer: ThreadAnswer): void => port.postMessage(answer);

port.on('message', ({ job, values }: ThreadQuestion) => {
  if (values !== undefined) known = compileKnownValues(values);
  try {
    say({ kind: 'done', done: work(job, known, compile) });
  } catch {
    // SECURITY: what an inspector says of its failure may hold the text that it failed on.
    say({ kind: 'failed' });
  }
});
