import {
  AegisError,
  type CaseHost,
  type CaseResult,
  type DefinitionFact,
  type JsonObject,
  type Resource,
  isJsonObject,
  parseStrict,
  runCase,
} from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import { systemClock } from '../platform.ts';
import type { Environment } from './environment.ts';
import { readPinned } from './pinned.ts';
import { createInspection } from './inspection.ts';

/** A tool call as a person describes it on the command line. */
export interface DescribedCall {
  readonly server: string;
  readonly tool: string;
  readonly args: JsonObject;
  readonly agent: string;
  /** Unix milliseconds. */
  readonly atMs: number;
}

/** Decides a tool call as in a new session, without running or recording it, and says why. */
export async function explainCall(
  configuration: Configuration,
  rules: Ruleset,
  environment: Environment,
  { server, tool: name, args, agent, atMs }: DescribedCall,
): Promise<Pick<CaseResult, 'facts' | 'explanation'>> {
  const host = await openCaseHost(configuration, rules);
  const definition = await recordedDefinition(configuration, environment, { kind: 'tool', server, name });
  return runCase(
    { ...host, definition },
    {
      name,
      call: { server, kind: 'tool', name, method: 'tools/call', agent, tenant: undefined, args },
      session: { steps: 0, toolCalls: 0, denied: 0, identicalCalls: 0, ageMs: 0 },
      atMs,
      expect: { effect: 'allow' },
      at: { file: configuration.file, line: 1, column: 1 },
    },
  );
}

/** What cases of a policy are tried in: the rules, and the inspectors as the kernel has them. */
export async function openCaseHost(configuration: Configuration, rules: Ruleset): Promise<CaseHost> {
  const { agents, servers, directory, stdioAgent } = configuration;
  return {
    ...rules,
    inspect: await createInspection(servers, directory, rules),
    defaultAgent: stdioAgent,
    tenantOf: (agent) => agents.find(({ name }) => name === agent)?.tenant ?? 'default',
    nowMs: systemClock.now(),
  };
}

/** What the ledger says of a definition; undefined where it says nothing, or cannot be read. */
async function recordedDefinition(
  configuration: Configuration,
  environment: Environment,
  { server, kind, name }: Resource,
): Promise<DefinitionFact | undefined> {
  const pins = await readPinned(configuration, environment).catch(() => []);
  const pin = pins.find((known) => known.server === server && known.kind === kind && known.name === name);
  if (pin === undefined) return undefined;
  if (pin.broken) return 'broken';
  return pin.state === 'gone' ? undefined : pin.state;
}

/** Reads the arguments of a call as strictly as the doors do. Fails with `INPUT_INVALID`. */
export function readArguments(text: string): JsonObject {
  const parsed = parseStrict(text);
  if (parsed.ok && isJsonObject(parsed.value)) return parsed.value;
  const why = parsed.ok ? 'not an object' : parsed.problem.message;
  throw new AegisError('INPUT_INVALID', `the arguments are no JSON object: ${why}`);
}
