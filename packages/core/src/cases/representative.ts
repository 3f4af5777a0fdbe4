import type { ServerManifest } from '../manifest/manifest.ts';
import type { JsonObject, JsonValue } from '../model/json.ts';
import type { Rule, ValueTest } from '../policy/rule.ts';
import type { CaseCall } from './case.ts';

/** Most calls that are made up. */
const MAX_CALLS = 2000;

/** What calls are made up from: all policies that are compared. */
export interface CallGround {
  readonly rules: readonly Rule[];
  readonly manifests: ReadonlyMap<string, ServerManifest>;
  readonly agents: readonly string[];
}

/**
 * Calls that policies speak of: each declared tool with no arguments, and for each rule calls that meet its
 * conditions and calls that just do not. What differs between two policies shows in some of them, as a rule,
 * and not with certainty: conditions can ask for more than is made up here.
 */
export function representativeCalls({ rules, manifests, agents }: CallGround): readonly CaseCall[] {
  const calls = new Map<string, CaseCall>();
  const add = (call: CaseCall): void => {
    if (calls.size < MAX_CALLS) calls.set(JSON.stringify(call), call);
  };
  const tools = [...manifests.values()].flatMap(({ server, tools: declared }) =>
    [...declared.keys()].map((name) => ({ server, name })),
  );
  for (const tool of tools) for (const agent of agents) add(callOf(tool, agent, {}));
  for (const rule of rules) {
    const servers = samples(rule, 'server') ?? [...manifests.keys(), 'some-server'];
    const named = samples(rule, 'tool_name');
    const places =
      named === undefined
        ? [...tools, ...(samples(rule, 'server') ?? []).map((server) => ({ server, name: 'some-tool' }))]
        : servers.flatMap((server) => named.map((name) => ({ server, name })));
    const callers = samples(rule, 'agent') ?? agents;
    for (const place of places) {
      for (const agent of callers) {
        for (const args of argumentsFor(rule, manifests.get(place.server), place.name)) {
          add(callOf(place, agent, args));
        }
      }
    }
  }
  return [...calls.values()];
}

function callOf(
  { server, name }: { readonly server: string; readonly name: string },
  agent: string,
  args: JsonObject,
): CaseCall {
  return { server, kind: 'tool', name, method: 'tools/call', agent, tenant: undefined, args };
}

/** Values that meet what a rule asks of a fact; undefined where it asks nothing. */
function samples({ when }: Rule, key: string): readonly string[] | undefined {
  const condition = when.find(({ subject }) => subject.kind === 'fact' && subject.key === key);
  return condition?.tests.flatMap(meeting).map(String);
}

/** Arguments that meet the conditions of a rule, and the same with each condition missed in turn. */
function argumentsFor(
  { when }: Rule,
  manifest: ServerManifest | undefined,
  tool: string,
): readonly JsonObject[] {
  const kinds = [...(manifest?.tools.get(tool)?.args ?? [])];
  const nameFor = (kind: 'path' | 'url' | 'host', otherwise: string): string =>
    kinds.find(([, known]) => known.kind === kind)?.[0] ?? otherwise;
  const members = when.flatMap(({ subject, tests }): readonly Member[] => {
    const values = tests.flatMap(meeting);
    const missed = tests.flatMap(missing);
    if (subject.kind === 'argument') return [{ path: subject.path, values, missed }];
    if (subject.key === 'path') return [{ path: [nameFor('path', 'path')], values, missed: ['/nowhere/x'] }];
    if (subject.key !== 'host') return [];
    const urls = values.map((host) => `https://${String(host)}/`);
    return [{ path: [nameFor('url', 'url')], values: urls, missed: ['https://nowhere.example/'] }];
  });
  const met: JsonObject = members.reduce((args, { path, values: [value] }) => put(args, path, value), {});
  const others = members.flatMap(({ path, values, missed }) =>
    values
      .slice(1)
      .concat(missed)
      .map((value) => put(met, path, value)),
  );
  return [met, ...others];
}

interface Member {
  readonly path: readonly string[];
  readonly values: readonly JsonValue[];
  readonly missed: readonly JsonValue[];
}

function put(args: JsonObject, path: readonly string[], value: JsonValue | undefined): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined || value === undefined) return args;
  const below = args[name];
  const inner =
    typeof below === 'object' && below !== null && !Array.isArray(below) ? (below as JsonObject) : {};
  return { ...args, [name]: rest.length === 0 ? value : put(inner, rest, value) };
}

function meeting(test: ValueTest): readonly JsonValue[] {
  switch (test.op) {
    case 'like':
      return test.values.map((value) => (typeof value === 'string' ? value.replace(/[*?]/g, 'x') : value));
    case 'eq':
    case 'contains':
      return [test.value];
    case 'in':
      return test.values;
    case 'gt':
      return [beside(test.value, 1)];
    case 'lt':
      return [beside(test.value, -1)];
    case 'gte':
    case 'lte':
      return [test.value];
    case 'under':
      return test.roots.map((root) => `${root.replace(/\/$/, '')}/x`);
    case 'cidr':
      return test.blocks.map((block) => block.split('/', 1)[0] ?? '');
    case 'exists':
      return test.value ? ['x'] : [];
    case 'ne':
      return [typeof test.value === 'number' ? test.value + 1 : 'x'];
    case 'matches':
      return [];
  }
}

function missing(test: ValueTest): readonly JsonValue[] {
  switch (test.op) {
    case 'gt':
    case 'lt':
    case 'ne':
      return [test.value];
    case 'gte':
      return [beside(test.value, -1)];
    case 'lte':
      return [beside(test.value, 1)];
    default:
      return ['something else'];
  }
}

function beside(value: number | string, by: number): JsonValue {
  return typeof value === 'number' ? value + by : value;
}
