import { fileURLToPath } from 'node:url';
import { type CompiledPolicy, compilePolicy, DEFAULT_SETTINGS, readDocument } from '@aegis/core';
import { loadRego } from '../../packages/aegis/src/source/rego.ts';
import { readDisk } from '../../packages/aegis/src/source/texts.ts';
import { markdownTable, median, quantile } from '../report.ts';
import { calls, cpuMs, sha256 } from './workload.ts';

const FILE = fileURLToPath(new URL('../../policies/rego/decide.rego', import.meta.url));
const ROUNDS = 7;
const ROUND_MS = 300;
const CALLS = 4096;

async function policyWithRego(): Promise<CompiledPolicy> {
  const module = await loadRego(
    {
      files: [FILE],
      entrypoint: 'data.aegis.decision',
      entrypointAt: { file: 'aegis.toml', line: 1, column: 1 },
    },
    { read: () => Promise.resolve(undefined), readText: readDisk, sha256, diagnostics: [] },
  );
  const text = '[[policies]]\nname = "all"\naction = "allow"\n';
  const { policy } = compilePolicy({
    parts: [{ document: readDocument({ text, file: 'bench.toml' }), path: ['policies'] }],
    settings: DEFAULT_SETTINGS,
    modules: module === undefined ? [] : [module],
    sha256,
  });
  if (module === undefined || policy === undefined) throw new Error('decide.rego does not load');
  return policy;
}

/** The shipped `decide.rego`, asked as the kernel asks it: the input that modules are shown is made for each call. */
export async function regoTable(): Promise<string> {
  const { modules } = await policyWithRego();
  const [module] = modules;
  if (module === undefined) throw new Error('nothing to ask');
  const inputs = calls(100, CALLS, 'settled');
  const answers = { allow: 0, other: 0 };
  for (const input of inputs) answers[module.ask(input).outcome === 'allow' ? 'allow' : 'other']++;
  const perCpuSecond: number[] = [];
  const p50: number[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    const started = process.cpuUsage();
    let decided = 0;
    for (; cpuMs(started) < ROUND_MS; decided += CALLS) for (const input of inputs) module.ask(input);
    const rate = (decided / cpuMs(started)) * 1000;
    const times = inputs.map((input) => {
      const before = performance.now();
      module.ask(input);
      return (performance.now() - before) * 1000;
    });
    if (round < 0) continue;
    perCpuSecond.push(rate);
    p50.push(quantile(times, 0.5));
  }
  return markdownTable(
    ['policy', 'decisions per CPU second', 'p50 us', 'allow / other'],
    [
      [
        'decide.rego',
        Math.round(median(perCpuSecond)).toLocaleString('en'),
        median(p50).toFixed(1),
        `${answers.allow} / ${answers.other}`,
      ],
    ],
  );
}
