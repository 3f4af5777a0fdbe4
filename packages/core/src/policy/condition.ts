import { type Risk, riskOf } from '../model/capability.ts';
import type { Facts } from '../model/finding.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { AccessRequest } from '../model/request.ts';
import type { ServerManifest } from '../manifest/manifest.ts';
import { joinLabels } from '../taint/labels.ts';
import type { Condition, FactKey } from './rule.ts';
import { compileTest, type SingleTest, type ValuePredicate } from './value-test.ts';

/** What conditions are asked about. */
export interface ConditionInput {
  readonly request: AccessRequest;
  readonly facts: Facts;
  readonly server: ServerManifest | undefined;
}

export type ConditionPredicate = (input: ConditionInput) => boolean;

/**
 * Compiles one entry of `when`.
 *
 * Where a call has several values (paths, hosts, capabilities, findings, the items of a list
 * argument), a rule that tightens is met by any of them, and a rule that lets through asks it of
 * all of them and of at least one: `allow` on `/data/*` must not carry a second path in `/etc`
 * through. Without any value the condition does not hold, `{ exists = false }` apart. A null
 * argument is a value, one that no test can judge.
 */
export function compileCondition(
  condition: Condition,
  tightening: boolean,
  rule: string,
): ConditionPredicate {
  const { subject, tests, key } = condition;
  const presence = tests.find((test) => test.op === 'exists');
  if (presence !== undefined)
    return subject.kind === 'fact'
      ? factExists(subject.key, presence.value)
      : argumentExists(subject.path, presence.value);
  const singles = tests.filter((test): test is SingleTest => test.op !== 'exists');
  const compile = (some: readonly SingleTest[]): ValuePredicate =>
    all(some.map((test) => compileTest(adapt(test, key), tightening, rule, key)));
  if (subject.kind === 'fact') return factCondition(subject.key, compile(singles), tightening);
  const { path } = subject;
  // `contains` asks a list as a whole; everything else asks its items.
  const whole = compile(singles.filter((test) => test.op === 'contains'));
  const item = compile(singles.filter((test) => test.op !== 'contains'));
  const onlyWhole = singles.every((test) => test.op === 'contains');
  return ({ request }) => {
    const value = argumentAt(request.args, path);
    if (value === undefined || !whole(value)) return false;
    if (onlyWhole) return true;
    return Array.isArray(value) ? quantify(value, item, tightening) : item(value);
  };
}

/** Hosts are lower case in facts (WHATWG URL), so they are in conditions. */
function adapt(test: SingleTest, key: string): SingleTest {
  if (key !== 'host') return test;
  const lower = <T>(value: T): T => (typeof value === 'string' ? (value.toLowerCase() as T) : value);
  switch (test.op) {
    case 'eq':
    case 'ne':
    case 'contains':
      return { op: test.op, value: lower(test.value) };
    case 'like':
    case 'in':
      return { op: test.op, values: test.values.map(lower) };
    default:
      return test;
  }
}

function all(tests: readonly ValuePredicate[]): ValuePredicate {
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tests.length === 2) return (value) => first(value) && second(value);
  return (value) => tests.every((test) => test(value));
}

function quantify(values: readonly JsonValue[], test: ValuePredicate, tightening: boolean): boolean {
  return tightening ? values.some(test) : values.length > 0 && values.every(test);
}

function factCondition(key: FactKey, test: ValuePredicate, tightening: boolean): ConditionPredicate {
  // SECURITY: a call that was not scored is in doubt.
  if (key === 'score')
    return ({ facts }) => (facts.score === undefined ? tightening : test(facts.score.value));
  const one = singleFact(key);
  if (one !== undefined) {
    return (input) => {
      const value = one(input);
      return value !== undefined && test(value);
    };
  }
  // Written out per fact: these run on every call, and a list of strings need not be built for them.
  const any = tightening;
  switch (key) {
    case 'path':
      return any
        ? ({ facts }) => facts.paths.some((path) => test(path.real))
        : ({ facts }) => facts.paths.length > 0 && facts.paths.every((path) => test(path.real));
    case 'host':
      return any
        ? ({ facts }) => facts.urls.some((url) => test(url.host))
        : ({ facts }) => facts.urls.length > 0 && facts.urls.every((url) => test(url.host));
    case 'label':
      return ({ facts }) => quantify(labelsOf(facts), test, any);
    case 'finding':
      return any
        ? ({ facts }) => facts.findings.some((finding) => test(finding.id))
        : ({ facts }) => facts.findings.length > 0 && facts.findings.every((finding) => test(finding.id));
    default:
      return ({ facts }) => quantify(facts.capabilities, test, any);
  }
}

/** Facts of which a call has one: undefined for the others. */
function singleFact(key: FactKey): ((input: ConditionInput) => string | undefined) | undefined {
  switch (key) {
    case 'tool_name':
      return ({ request }) => toolNameOf(request);
    case 'server':
      return ({ request }) => request.resource.server;
    case 'agent':
      return ({ request }) => request.subject.agent;
    case 'tenant':
      return ({ request }) => request.subject.tenant;
    case 'method':
      return ({ request }) => request.action.method;
    case 'risk':
      return inherentRisk;
    default:
      return undefined;
  }
}

/** All values of a fact. */
export function factValues(key: FactKey, input: ConditionInput): readonly (string | number)[] {
  const one = singleFact(key);
  if (one !== undefined) {
    const value = one(input);
    return value === undefined ? [] : [value];
  }
  const { facts } = input;
  switch (key) {
    case 'path':
      return facts.paths.map((path) => path.real);
    case 'host':
      return facts.urls.map((url) => url.host);
    case 'finding':
      return facts.findings.map((finding) => finding.id);
    case 'label':
      return labelsOf(facts);
    case 'score':
      return facts.score === undefined ? [] : [facts.score.value];
    default:
      return facts.capabilities;
  }
}

/** Labels of everything that the arguments hold. */
function labelsOf({ taint }: Facts): readonly string[] {
  return joinLabels(...(taint?.taints ?? []).map(({ labels }) => labels));
}

/** The tool's name; undefined when the call is not about a tool. */
function toolNameOf(request: AccessRequest): string | undefined {
  return request.resource.kind === 'tool' ? request.resource.name : undefined;
}

/**
 * The risk before any rule has its say: the manifest's, or what the capabilities imply. A tool that
 * is in no manifest is unclassified, whatever else is known of the call.
 */
export function inherentRisk({ request, facts, server }: ConditionInput): Risk {
  const { kind, name } = request.resource;
  if (kind !== 'tool') return riskOf(facts.capabilities);
  const tool = server?.tools.get(name);
  if (tool === undefined) return riskOf([...facts.capabilities, 'unclassified']);
  return tool.risk ?? riskOf(facts.capabilities);
}

/** The argument at a path of own keys; undefined when it is not there. */
export function argumentAt(args: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue = args;
  for (const segment of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, segment)) return undefined;
    value = value[segment] as JsonValue;
  }
  return value;
}

function factExists(key: FactKey, wanted: boolean): ConditionPredicate {
  return (input) => factValues(key, input).length > 0 === wanted;
}

function argumentExists(path: readonly string[], wanted: boolean): ConditionPredicate {
  return ({ request }) => (argumentAt(request.args, path) !== undefined) === wanted;
}
