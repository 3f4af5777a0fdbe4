// The whole of `decide`, from 10 to 10,000 rules: throughput in CPU time, latency per call.
import { type CompiledPolicy, type DecisionInput, decide } from '@aegis/core';
import { markdownTable, median, quantile, writeReport } from '../report.ts';
import { findWinner } from '../../packages/core/src/decide/rules-phase.ts';
import { peerTable } from './peer-table.ts';
import { regoTable } from './rego-table.ts';
import { startTable } from './start-table.ts';
import { calls, type CompileCost, compile, cpuMs, type Traffic } from './workload.ts';

const SIZES = [10, 100, 1000, 10_000];
const BASE = 100;
const ROUNDS = 5;
const ROUND_MS = 200;
const CALLS = 4096;
const COMPILES = 5;

interface Workload extends CompileCost {
  readonly size: number;
  readonly traffic: Traffic;
  readonly policy: CompiledPolicy;
  readonly inputs: readonly DecisionInput[];
  readonly perCpuSecond: number[];
  readonly p50: number[];
  readonly p99: number[];
  readonly rulesP50: number[];
}

const TRAFFIC: readonly Traffic[] = ['spread', 'settled'];

function prepare(size: number): Workload[] {
  const runs = Array.from({ length: COMPILES }, () => compile(size));
  const [compiled = compile(size)] = runs;
  return TRAFFIC.map((traffic) => ({
    size,
    traffic,
    policy: compiled.policy,
    readMs: median(runs.map(({ readMs }) => readMs)),
    compileMs: median(runs.map(({ compileMs }) => compileMs)),
    inputs: calls(size, CALLS, traffic),
    perCpuSecond: [],
    p50: [],
    p99: [],
    rulesP50: [],
  }));
}

function runAll({ policy, inputs }: Workload): Record<string, number> {
  const effects: Record<string, number> = { allow: 0, deny: 0, require_approval: 0 };
  for (const input of inputs) {
    const { effect } = decide(policy, input);
    effects[effect] = (effects[effect] ?? 0) + 1;
  }
  return effects;
}

function throughput(workload: Workload): number {
  const started = process.cpuUsage();
  let decided = 0;
  while (cpuMs(started) < ROUND_MS) {
    runAll(workload);
    decided += CALLS;
  }
  return (decided / cpuMs(started)) * 1000;
}

function latencies({ inputs }: Workload, judge: (input: DecisionInput) => unknown): number[] {
  const times: number[] = [];
  for (let pass = 0; pass < 5; pass++) {
    for (const input of inputs) {
      const started = performance.now();
      judge(input);
      times.push((performance.now() - started) * 1000);
    }
  }
  return times;
}

const workloads = SIZES.flatMap(prepare);
const effects = new Map(workloads.map((workload) => [workload, runAll(workload)]));
for (let round = -1; round < ROUNDS; round++) {
  for (const workload of workloads) {
    const perSecond = throughput(workload);
    const { policy } = workload;
    const times = latencies(workload, (input) => decide(policy, input));
    const alone = latencies(workload, (input) => findWinner(policy, input));
    if (round < 0) continue;
    workload.perCpuSecond.push(perSecond);
    workload.p50.push(quantile(times, 0.5));
    workload.p99.push(quantile(times, 0.99));
    workload.rulesP50.push(quantile(alone, 0.5));
  }
}

function rowOf(workload: Workload): string[] {
  const { size, traffic, perCpuSecond, p50, p99, rulesP50, readMs, compileMs } = workload;
  const base = workloads.find((other) => other.size === BASE && other.traffic === traffic);
  const rate = median(perCpuSecond);
  const seen = effects.get(workload) ?? {};
  return [
    size.toLocaleString('en'),
    Math.round(rate).toLocaleString('en'),
    (rate / median(base?.perCpuSecond ?? [])).toFixed(2),
    median(p50).toFixed(2),
    median(p99).toFixed(2),
    median(rulesP50).toFixed(2),
    readMs.toFixed(0),
    compileMs.toFixed(0),
    ['allow', 'require_approval', 'deny']
      .map((effect) => `${Math.round((100 * (seen[effect] ?? 0)) / CALLS)} %`)
      .join(' / '),
  ];
}

function tableOf(traffic: Traffic): string {
  return markdownTable(headers, workloads.filter((workload) => workload.traffic === traffic).map(rowOf));
}

const headers = [
  'rules',
  'decisions per CPU second',
  `to ${BASE} rules`,
  'p50 us',
  'p99 us',
  'rules alone, p50 us',
  'read, CPU ms',
  'compile, CPU ms',
  'allow / approval / deny',
];
writeReport(
  'decide',
  'Deciding, by number of rules',
  `The whole of \`decide\` (manifest, limits, guards, rules, preconditions, approval, obligations) on ${CALLS} calls of
one server with a manifest. Rules name tools. Medians of ${ROUNDS} rounds, sizes interleaved, after one round to warm
up; rules are read and compiled ${COMPILES} times in one process, of which the median is shown (a first time is under *Starting*); latencies are wall time of single calls and include reading the clock. Repeat with \`npm run bench:decide\`.

## One agent's hundred tools

Only the number of rules grows: this is what a rule more costs.

${tableOf('settled')}

## All tools that the rules name

The tools in use grow with the rules, so that more memory is walked; a tenth of the calls are of names made up by the
caller, against which each rule on a suffix (one in a hundred) has to be tried.

${tableOf('spread')}

## Starting

What a process that starts needs for the same rules in one file, each time in a new process: from the text, and from the
[snapshot](../../docs/decisions/0022-snapshots-of-policies.md) that an earlier start kept. Medians of 5, in turns.

${startTable([1000, 10_000])}

## Rego

The nine rules of [decide.rego](../../policies/rego/decide.rego), all of which every one of these calls passes; the input that
modules are shown is made for each.

${await regoTable()}

## The same rules in other engines

One tool and one path for each rule, half of the calls met by one; every engine is given the
whole input that modules are shown. Theirs are the rules alone, so that ours alone are what they compare with. Each is used in the way that is fast (compiled, preparsed, in this thread), and all agree on every call. opa-wasm needs an \`opa\` on the
PATH, or in \`OPA\`, that compiles the rules; where there is none, or it takes more than two minutes, it is left out.

${await peerTable(SIZES)}`,
);
