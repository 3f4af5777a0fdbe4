import {
  AegisError,
  type CaseHost,
  type CaseResult,
  type DecisionRequest,
  type DefinitionFact,
  type JsonObject,
  type Resource,
  inputOfCase,
  isJsonObject,
  type Opinions,
  parseStrict,
  type PolicyCase,
  questionsOfCase,
  type Remedy,
  runCase,
  smallestRule,
} from '@aegis/core';
import type { Configuration } from '../config/configuration.ts';
import type { Ruleset } from '../enforce/ruleset.ts';
import { systemClock } from '../platform.ts';
import type { Environment } from './environment.ts';
import { readPinned } from './pinned.ts';
import { createInspection } from './inspection.ts';

/** A call that was decided, and why. */
export interface ExplainedCall extends CaseResult {
  /** What would let it pass; absent where it does. */
  readonly remedy?: Remedy;
}

/** Decides a call without running or recording it, and says why. */
export async function explainRequest(
  configuration: Configuration,
  rules: Ruleset,
  environment: Environment,
  { call, session, atMs }: DecisionRequest,
): Promise<ExplainedCall> {
  const rulesHost = await openCaseHost(configuration, rules);
  const definition = await recordedDefinition(configuration, environment, call);
  const host = { ...rulesHost, definition };
  const policyCase: PolicyCase = {
    name: call.name,
    call,
    session,
    atMs,
    expect: { effect: 'allow' },
    at: { file: configuration.file, line: 1, column: 1 },
  };
  const opinions = await askedOpinions(rules, host, policyCase);
  const input = inputOfCase(host, policyCase);
  const remedy = smallestRule(rules.policy, [opinions === undefined ? input : { ...input, opinions }]);
  return { ...runCase(host, policyCase, opinions), ...(remedy === undefined ? {} : { remedy }) };
}

/** Runs a case, after asking the modules of the policy that have to be waited for. */
export async function tryCase(rules: Ruleset, host: CaseHost, policyCase: PolicyCase): Promise<CaseResult> {
  return runCase(host, policyCase, await askedOpinions(rules, host, policyCase));
}

async function askedOpinions(
  rules: Ruleset,
  host: CaseHost,
  policyCase: PolicyCase,
): Promise<Opinions | undefined> {
  const questions = questionsOfCase(host, policyCase);
  return questions.length === 0 ? undefined : rules.consult?.(questions);
}

const INSPECTIONS = new WeakMap<Ruleset, ReturnType<typeof createInspection>>();

/** Parsers are loaded once for the same rules. */
function inspectionFor({ servers, directory }: Configuration, rules: Ruleset) {
  const known = INSPECTIONS.get(rules);
  if (known !== undefined) return known;
  const created = createInspection(servers, directory, rules);
  INSPECTIONS.set(rules, created);
  return created;
}

/** What cases of a policy are tried in: the rules, and the inspectors as the kernel has them. */
export async function openCaseHost(configuration: Configuration, rules: Ruleset): Promise<CaseHost> {
  const { agents, stdioAgent } = configuration;
  return {
    ...rules,
    inspect: await inspectionFor(configuration, rules),
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
