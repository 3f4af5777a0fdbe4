import { existsSync, readFileSync } from 'node:fs';
import type { JsonObject } from '@aegis/core';

// Recorded tasks and what an injected text would have an agent do: they lie beside the repository, where at all.
const FOLDER = new URL('../../../shared/corpora/agentdojo/', import.meta.url);

export const present = existsSync(FOLDER);

/** What a tool can do, as the traces label it. */
export type Effect = 'read' | 'egress-read' | 'write' | 'send' | 'pay';

export interface TracedCall {
  readonly function: string;
  readonly args: JsonObject;
  readonly output: string;
}

/** A task of a user with the calls that solve it. */
export interface UserTask {
  readonly suite: string;
  readonly user_task: string;
  readonly prompt: string;
  readonly calls: readonly TracedCall[];
}

/** A user task in whose results a text stands that wants other calls. */
export interface Attack {
  readonly suite: string;
  readonly user_task: string;
  /** What differs, by the number of the call. */
  readonly changed_calls: { readonly [call: string]: Pick<TracedCall, 'args' | 'output'> };
  readonly first_tainted_call: number;
  readonly attack_calls: readonly TracedCall[] | null;
}

interface TracedTool {
  readonly suite: string;
  readonly name: string;
  readonly effect_hint: Effect;
  readonly parameters: { readonly properties?: JsonObject };
}

function lines(file: string): readonly unknown[] {
  return readFileSync(new URL(file, FOLDER), 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

export interface Traces {
  readonly tasks: readonly UserTask[];
  readonly attacks: readonly Attack[];
  readonly effectOf: (suite: string, tool: string) => Effect;
  /** Names of the arguments of all tools of a suite. */
  readonly namesOf: (suite: string) => ReadonlySet<string>;
}

export function readTraces(): Traces {
  const tools = lines('tools.jsonl') as readonly TracedTool[];
  const effects = new Map(tools.map(({ suite, name, effect_hint }) => [`${suite} ${name}`, effect_hint]));
  const names = new Map<string, Set<string>>();
  for (const { suite, parameters } of tools) {
    const known = names.get(suite) ?? new Set();
    for (const name of Object.keys(parameters.properties ?? {})) known.add(name);
    names.set(suite, known);
  }
  const tasks = lines('traces-benign.jsonl') as readonly { readonly input: UserTask }[];
  const attacks = lines('traces-attack.jsonl') as readonly { readonly input: Attack }[];
  return {
    tasks: tasks.map(({ input }) => input),
    attacks: attacks.map(({ input }) => input),
    effectOf: (suite, tool) => effects.get(`${suite} ${tool}`) ?? 'write',
    namesOf: (suite) => names.get(suite) ?? new Set(),
  };
}
